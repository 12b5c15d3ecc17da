import type { Readable } from 'node:stream';

/** The body of a request, owned in one place: nothing is read from the caller before somebody opens it. */
export interface RequestBody {
  /** Whether the request has a body at all, by its framing (RFC 9112 §6.3). */
  readonly present: boolean;
  /** Bytes, when the caller declared them. */
  readonly length: number | undefined;
  /** Bytes read so far. */
  readonly received: number;
  /** Whether the whole body has been read. */
  readonly complete: boolean;
  /**
   * The body as a stream. While nothing has been read from one stream, another may be opened instead of it.
   * Errors with a body that is cut short or larger than allowed.
   */
  open(): Readable;
}
