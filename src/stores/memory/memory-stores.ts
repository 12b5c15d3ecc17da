import type { Stores } from '../stores.ts';
import { createMemoryKeyStore } from './memory-key-store.ts';

/** Stores for tests and throw-away runs: nothing survives the process. */
export function openMemoryStores(): Stores {
  return { keys: createMemoryKeyStore(), async close() {} };
}
