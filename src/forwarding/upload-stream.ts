import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** What a reading of a body tells while it goes on. */
export interface UploadListener {
  /** Something is about to be read. */
  onFirstRead(): void;
  /** So many bytes have come. What it throws ends the reading. */
  onBytes(bytes: number): void;
}

/**
 * One reading of the body. Not the request itself, because who forwards a stream destroys it when sending fails, and
 * with it the connection on which the caller waits for the answer.
 */
export class UploadStream extends Readable {
  readonly #request: IncomingMessage;
  readonly #listener: UploadListener;
  #listening = false;

  constructor(request: IncomingMessage, listener: UploadListener) {
    super();
    this.#request = request;
    this.#listener = listener;
  }

  override _read(): void {
    if (!this.#listening) {
      this.#listening = true;
      this.#listener.onFirstRead();
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
      this.#listener.onBytes(chunk.length);
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
