import type { Writable } from 'node:stream';

/** What a {@link LineSink} needs to know. */
export interface LineSinkOptions {
  /** How long a line may wait for company, in milliseconds. Default 20. */
  readonly delay?: number;
  /** Bytes that may wait for a reader who is slow; beyond that lines are dropped and counted. Default 1 MiB. */
  readonly maxPending?: number;
  /** How long closing waits for a reader who is stuck, in milliseconds. Default 1000. */
  readonly patience?: number;
}

const batchLength = 32_768;

/**
 * Writes lines to a stream in batches. A reader that is stuck costs lines, never a request: what does not fit is
 * dropped, and the count of it is written as a line of its own when there is room again.
 */
export class LineSink {
  readonly #out: Writable;
  readonly #delay: number;
  readonly #maxPending: number;
  readonly #patience: number;
  #batch = '';
  #timer: NodeJS.Timeout | undefined = undefined;
  #dropped = 0;
  #unreported = 0;
  #broken = false;

  constructor(out: Writable, options: LineSinkOptions = {}) {
    this.#out = out;
    this.#delay = options.delay ?? 20;
    this.#maxPending = options.maxPending ?? 1024 * 1024;
    this.#patience = options.patience ?? 1000;
    out.on('error', () => {
      this.#broken = true;
    });
  }

  /** Lines lost since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes one line, without its line end. */
  write(line: string): void {
    if (this.#broken || this.#out.writableLength + this.#batch.length > this.#maxPending) {
      this.#dropped += 1;
      this.#unreported += 1;
      return;
    }
    this.#batch += `${line}\n`;
    if (this.#batch.length >= batchLength) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), this.#delay).unref();
  }

  /** Hands everything over; resolves when the stream has taken it, or cannot, or has not in good time. */
  close(): Promise<void> {
    this.#flush();
    return new Promise((resolve) => {
      if (this.#broken || this.#out.writableLength === 0) return resolve();
      const patience = setTimeout(resolve, this.#patience);
      const finish = (): void => {
        clearTimeout(patience);
        resolve();
      };
      this.#out.once('error', finish);
      this.#out.write('', finish);
    });
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    let batch = this.#batch;
    this.#batch = '';
    if (this.#unreported > 0) {
      batch += `${JSON.stringify({ level: 'warn', message: 'log lines dropped: the reader is too slow', lines: this.#unreported })}\n`;
      this.#unreported = 0;
    }
    if (batch !== '' && !this.#broken) this.#out.write(batch);
  }
}
