/** The state of one counter after a hit. */
export interface Count {
  /** Hits in the window, this one included. */
  readonly hits: number;
  /** When the window ends, on the clock of the store, in milliseconds. */
  readonly resetsAt: number;
}

/** Counts hits in windows of time: what limits are made of. */
export interface CounterStore {
  /** Counts one hit. A window begins with its first hit and lasts `window` milliseconds. */
  hit(key: string, window: number): Count | Promise<Count>;
  /** The hit did not count after all. */
  undo(key: string): void | Promise<void>;
  reset(key: string): void | Promise<void>;
}
