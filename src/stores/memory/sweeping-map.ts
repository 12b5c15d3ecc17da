/** The map never sweeps for fewer values than this. */
const smallest = 1_000;

/**
 * A map that forgets what is over whenever it has doubled: keeping a value costs constant time on average, and there are
 * never more than twice as many values as were alive at the last sweep, or {@link smallest}.
 */
export class SweepingMap<V> extends Map<string, V> {
  readonly #keptUntil: (value: V) => number;
  #sweepAt = smallest;

  /** @param keptUntil - when a value may be forgotten, in seconds since the epoch. */
  constructor(keptUntil: (value: V) => number) {
    super();
    this.#keptUntil = keptUntil;
  }

  /** Sets a value, after forgetting those that are over at `now` if it is time for that. */
  keep(key: string, value: V, now: number): void {
    if (this.size >= this.#sweepAt) {
      for (const [other, kept] of this) if (this.#keptUntil(kept) <= now) this.delete(other);
      this.#sweepAt = Math.max(smallest, 2 * this.size);
    }
    this.set(key, value);
  }
}
