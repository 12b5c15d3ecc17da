import type { Readable } from 'node:stream';

/**
 * The body of a request, owned in one place: nothing is read from the caller before somebody opens or buffers it. It is
 * streamed by default; buffered once, the same bytes serve everybody from then on, the instance too.
 */
export interface RequestBody {
  /** Whether there is a body to forward, by its framing (RFC 9112 §6.3) or, once buffered, by its bytes. */
  readonly present: boolean;
  /** Bytes of what is forwarded, when the caller declared them or they have been buffered. */
  readonly length: number | undefined;
  /** Bytes read from the caller so far. */
  readonly received: number;
  /** Whether all that the caller sends has been read. */
  readonly complete: boolean;
  /**
   * The body to forward: its bytes where they are all here, otherwise a stream, which errors with a body that is cut
   * short or larger than allowed. While nothing has been read from one stream, another may be opened instead of it;
   * bytes may be opened as often as one likes.
   */
  open(): Readable | Buffer;
  /**
   * Reads the whole body, no more than `limit` bytes of it, and keeps it: who asks again gets the same bytes. Rejects
   * with GW_BODY_TOO_LARGE, before reading where the declared length shows it, and with GW_BAD_REQUEST when the caller
   * breaks off. The bytes belong to everybody: to change them is what {@link replace} is for.
   */
  buffer(limit: number): Promise<Buffer>;
  /**
   * Puts other bytes in the place of the buffered ones: they are forwarded, with their own length. Fields that describe
   * the content, such as its type, are up to who replaces it. Throws before the body has been buffered, because what
   * the caller still sends would be taken for the next request.
   */
  replace(bytes: Buffer): void;
}
