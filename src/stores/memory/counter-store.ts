import type { CounterStore } from '../counter-store.ts';

interface Window {
  hits: number;
  resetsAt: number;
}

/** What counters in memory need to know. */
export interface MemoryCounterOptions {
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** Keys that are remembered; the one whose window began first goes when there are more. Default 100,000. */
  readonly maxKeys?: number;
}

/** Counters of this process, bounded however many keys a flood of addresses brings. */
export function createMemoryCounterStore({ clock, maxKeys = 100_000 }: MemoryCounterOptions): CounterStore {
  const windows = new Map<string, Window>();

  const open = (key: string, resetsAt: number): Window => {
    // Windows of one store are equally long, so the order of insertion is the order in which they end.
    windows.delete(key);
    for (const [oldest] of windows) {
      if (windows.size < maxKeys) break;
      windows.delete(oldest);
    }
    const window = { hits: 0, resetsAt };
    windows.set(key, window);
    return window;
  };

  return {
    hit(key, length) {
      const now = clock();
      let window = windows.get(key);
      if (window === undefined || window.resetsAt <= now) window = open(key, now + length);
      window.hits += 1;
      return { ...window };
    },
    undo(key) {
      const window = windows.get(key);
      if (window !== undefined && window.hits > 0) window.hits -= 1;
    },
    reset(key) {
      windows.delete(key);
    },
  };
}
