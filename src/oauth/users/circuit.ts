/** What {@link Circuit} needs. */
export interface CircuitOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Seconds until the next try is let through. */
  readonly rest: number;
  /** Seconds on a clock that never goes back. */
  readonly clock: () => number;
}

/** Nothing was tried, because it has failed so often just now. */
export class CircuitOpenError extends Error {
  /** Seconds until the next try. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super('it has failed again and again just now, so nothing is tried for a moment');
    this.name = 'CircuitOpenError';
    this.retryAfter = retryAfter;
  }
}

/**
 * Spares callers the wait for what is dead. After some failures in a row it refuses at once; when it has rested, one try
 * goes through, and what becomes of that decides for the others.
 */
export class Circuit {
  readonly #options: CircuitOptions;
  #failures = 0;
  #restsUntil = 0;
  #probing = false;

  constructor(options: CircuitOptions) {
    this.#options = options;
  }

  /** Rejects as `work` does, or with a {@link CircuitOpenError} instead of doing it. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const { failures, rest, clock } = this.#options;
    const isProbe = this.#failures >= failures;
    const remaining = this.#restsUntil - clock();
    if (isProbe && (this.#probing || remaining > 0)) throw new CircuitOpenError(Math.max(1, Math.ceil(remaining)));
    this.#probing ||= isProbe;
    try {
      const result = await work();
      this.#failures = 0;
      return result;
    } catch (error) {
      this.#failures += 1;
      this.#restsUntil = clock() + rest;
      throw error;
    } finally {
      if (isProbe) this.#probing = false;
    }
  }
}
