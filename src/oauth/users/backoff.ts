import { BoundedMemory } from '../../stores/memory/bounded-memory.ts';

/** What {@link Backoff} needs. Times in seconds. */
export interface BackoffOptions {
  /** Failures after which there is a wait. */
  readonly free: number;
  /** No wait is longer. */
  readonly longest: number;
  /** When failures are forgotten … */
  readonly window: number;
  /** … counted from the first or from the latest of them. */
  readonly since: 'first' | 'latest';
  /** Never goes back. */
  readonly clock: () => number;
}

interface Failures {
  readonly count: number;
  readonly latest: number;
  readonly forgottenAt: number;
}

const entryBytes = 300;
const maxBytes = 4_000_000;

/**
 * Makes who fails wait: 1 s after so many failures, then twice as long after each one, up to a bound. Who is refused is
 * not counted, so nobody is kept out for longer than that bound. Remembers some 13,000 keys; the longest unused go first.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #failures: BoundedMemory<Failures>;

  constructor(options: BackoffOptions) {
    this.#options = options;
    this.#failures = new BoundedMemory({ maxBytes, clock: () => options.clock() * 1_000 });
  }

  /** Seconds until the next attempt; 0 when it may be now. */
  waitFor(key: string): number {
    const { free, longest, clock } = this.#options;
    const failures = this.#failures.get(key);
    if (failures === undefined || failures.count < free) return 0;
    const delay = Math.min(longest, 2 ** (failures.count - free));
    return Math.max(0, delay - (clock() - failures.latest));
  }

  /** Counts a failure, which {@link undo} takes back if it turns out to be none. */
  count(key: string): void {
    const { window, since, clock } = this.#options;
    const now = clock();
    const before = this.#failures.get(key);
    const forgottenAt = before === undefined || since === 'latest' ? now + window : before.forgottenAt;
    this.#set(key, { count: (before?.count ?? 0) + 1, latest: now, forgottenAt });
  }

  undo(key: string): void {
    const before = this.#failures.get(key);
    if (before === undefined) return;
    if (before.count <= 1) this.forget(key);
    else this.#set(key, { ...before, count: before.count - 1 });
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }

  #set(key: string, failures: Failures): void {
    this.#failures.set(key, failures, entryBytes, (failures.forgottenAt - this.#options.clock()) * 1_000);
  }
}
