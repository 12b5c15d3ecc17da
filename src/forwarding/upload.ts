import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { GatewayError } from '../errors/gateway-error.ts';
import type { RequestBody } from '../model/request-body.ts';
import { readWhole } from './read-whole.ts';
import { UploadStream } from './upload-stream.ts';

/** What is known of a request's body before it is read. */
export interface UploadOptions {
  /** Bytes that are accepted. */
  readonly limit: number;
  /** Called before the first byte is read: the moment to answer `Expect: 100-continue`. */
  readonly onFirstRead?: () => void;
}

/** The body of a caller's request, read with back-pressure as the instance takes it, or once as a whole. */
export class Upload implements RequestBody {
  received = 0;
  readonly #request: IncomingMessage;
  readonly #options: UploadOptions;
  readonly #framing: { readonly length: number | undefined; readonly chunked: boolean };
  #started = false;
  #buffering: Promise<void> | undefined = undefined;
  #bytes: Buffer | undefined = undefined;

  constructor(
    request: IncomingMessage,
    framing: { readonly length: number | undefined; readonly chunked: boolean },
    options: UploadOptions,
  ) {
    this.#request = request;
    this.#framing = framing;
    this.#options = options;
  }

  get present(): boolean {
    if (this.#bytes !== undefined) return this.#bytes.length > 0;
    return this.#framing.chunked || (this.#framing.length ?? 0) > 0;
  }

  get length(): number | undefined {
    return this.#bytes?.length ?? this.#framing.length;
  }

  /** Whether its declared length is over the limit already: then nothing of it should be read. */
  get isTooLarge(): boolean {
    return (this.#framing.length ?? 0) > this.#options.limit;
  }

  get complete(): boolean {
    return this.#bytes !== undefined || this.#request.complete;
  }

  open(): Readable | Buffer {
    this.#bytes ??= this.#takeArrived();
    if (this.#bytes !== undefined) return this.#bytes;
    return new UploadStream(this.#request, {
      onFirstRead: () => this.#begin(),
      onBytes: (bytes) => this.#count(bytes, this.#options.limit),
    });
  }

  async buffer(limit: number): Promise<Buffer> {
    const allowed = Math.min(limit, this.#options.limit);
    if ((this.length ?? 0) > allowed) throw new GatewayError('GW_BODY_TOO_LARGE');
    this.#bytes ??= this.present ? this.#takeArrived() : Buffer.alloc(0);
    if (this.#bytes === undefined) {
      this.#buffering ??= this.#read(allowed);
      await this.#buffering;
    }
    const bytes = this.#bytes!;
    if (bytes.length > allowed) throw new GatewayError('GW_BODY_TOO_LARGE');
    return bytes;
  }

  replace(bytes: Buffer): void {
    if (this.#bytes === undefined) throw new Error('a body is buffered before it is replaced');
    this.#bytes = bytes;
  }

  /**
   * A small body mostly arrives with its header, and Node has read it already: a stream in between would cost a
   * quarter of its whole way. Only where the length was declared, so that timing does not decide on the framing.
   */
  #takeArrived(): Buffer | undefined {
    const { length } = this.#framing;
    if (this.#started || length === undefined || length > this.#options.limit) return undefined;
    if (this.#request.readableLength !== length) return undefined;
    const bytes = this.#request.read() as Buffer | null;
    if (bytes === null) return undefined;
    this.#started = true;
    this.received = bytes.length;
    // Only the end is left to read: without it Node takes the request for one that is still being read.
    this.#request.resume();
    return bytes;
  }

  async #read(allowed: number): Promise<void> {
    if (this.#started) throw new Error('a body is buffered before it is streamed');
    this.#begin();
    this.#bytes = await readWhole(this.#request, (bytes) => this.#count(bytes, allowed));
  }

  #begin(): void {
    if (!this.#started) this.#options.onFirstRead?.();
    this.#started = true;
  }

  #count(bytes: number, limit: number): void {
    this.received += bytes;
    if (this.received > limit) throw new GatewayError('GW_BODY_TOO_LARGE');
  }
}
