import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { GatewayError } from '../errors/gateway-error.ts';
import type { RequestBody } from '../model/request-body.ts';

/** What is known of a request's body before it is read. */
export interface UploadOptions {
  /** Bytes that are accepted. */
  readonly limit: number;
  /** Called before the first byte is read: the moment to answer `Expect: 100-continue`. */
  readonly onFirstRead?: () => void;
}

/** The body of a caller's request, read with back-pressure as the instance takes it. */
export class Upload implements RequestBody {
  readonly present: boolean;
  readonly length: number | undefined;
  received = 0;
  readonly #request: IncomingMessage;
  readonly #options: UploadOptions;
  #started = false;

  constructor(
    request: IncomingMessage,
    framing: { length: number | undefined; chunked: boolean },
    options: UploadOptions,
  ) {
    this.#request = request;
    this.#options = options;
    this.length = framing.length;
    this.present = framing.chunked || (framing.length ?? 0) > 0;
  }

  /** Whether its declared length is over the limit already: then nothing of it should be read. */
  get isTooLarge(): boolean {
    return (this.length ?? 0) > this.#options.limit;
  }

  get complete(): boolean {
    return this.#request.complete;
  }

  open(): Readable {
    return new UploadStream(
      this.#request,
      (bytes) => this.#count(bytes),
      () => this.#begin(),
    );
  }

  #begin(): void {
    if (!this.#started) this.#options.onFirstRead?.();
    this.#started = true;
  }

  #count(bytes: number): void {
    this.received += bytes;
    if (this.received > this.#options.limit) throw new GatewayError('GW_BODY_TOO_LARGE');
  }
}

/**
 * One reading of the body. Not the request itself, because who forwards a stream destroys it when sending fails, and
 * with it the connection on which the caller waits for the answer.
 */
class UploadStream extends Readable {
  readonly #request: IncomingMessage;
  readonly #count: (bytes: number) => void;
  readonly #begin: () => void;
  #listening = false;

  constructor(request: IncomingMessage, count: (bytes: number) => void, begin: () => void) {
    super();
    this.#request = request;
    this.#count = count;
    this.#begin = begin;
  }

  override _read(): void {
    if (!this.#listening) {
      this.#listening = true;
      this.#begin();
      this.#request.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onClose);
    }
    this.#request.resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#request.pause();
    this.#request.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose);
    callback(error);
  }

  readonly #onData = (chunk: Buffer): void => {
    try {
      this.#count(chunk.length);
      if (!this.push(chunk)) this.#request.pause();
    } catch (error) {
      this.destroy(error as Error);
    }
  };

  readonly #onEnd = (): void => void this.push(null);

  readonly #onClose = (): void => {
    if (!this.#request.complete) this.destroy(new Error('the caller broke off the request body'));
  };
}
