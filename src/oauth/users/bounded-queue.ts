/**
 * Runs at most `atOnce` pieces of work at a time and lets at most `waitingAtMost` wait, first come, first served. A full
 * queue answers at once: `run` then rejects with what `whenFull` makes.
 */
export class BoundedQueue {
  readonly #atOnce: number;
  readonly #waitingAtMost: number;
  readonly #whenFull: () => Error;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number, waitingAtMost: number, whenFull: () => Error) {
    this.#atOnce = atOnce;
    this.#waitingAtMost = waitingAtMost;
    this.#whenFull = whenFull;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < this.#atOnce) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= this.#waitingAtMost) throw this.#whenFull();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  // The place goes straight to who waits longest, so that nobody can slip in between.
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
