import type { KeyStore, StoredKey } from '../key-store.ts';

/** Signing keys that end with the process: tokens of the run before are refused after a restart. */
export function createMemoryKeyStore(): KeyStore {
  const keys: StoredKey[] = [];
  return {
    async list() {
      return [...keys];
    },
    async createFirst(candidate) {
      const present = keys.find((key) => key.algorithm === candidate.algorithm);
      if (present !== undefined) return present;
      keys.push(candidate);
      return candidate;
    },
  };
}
