import type { Stores } from '../stores.ts';
import { createMemoryKeyStore } from './memory-key-store.ts';
import { createMemoryRevocationStore } from './memory-revocation-store.ts';

/** Stores for tests and throw-away runs: nothing survives the process. */
export function openMemoryStores(): Stores {
  return { keys: createMemoryKeyStore(), revocations: createMemoryRevocationStore(), async close() {} };
}
