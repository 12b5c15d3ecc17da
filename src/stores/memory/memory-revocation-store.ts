import { nextPosition, type RevocationStore, type StoredRevocation } from '../revocation-store.ts';

/** Revocations that end with the process, as the keys do that signed the revoked tokens. */
export function createMemoryRevocationStore(): RevocationStore {
  const kept = new Map<number, StoredRevocation>();
  let last = 0;
  return {
    async append(revocation, until, now) {
      for (const [position, oldest] of kept) {
        if (oldest.until > now) break;
        kept.delete(position);
      }
      last = nextPosition(last, now);
      const stored = { ...revocation, position: last, until };
      kept.set(last, stored);
      return stored;
    },
    async live(now) {
      return [...kept.values()].filter(({ until }) => until > now);
    },
  };
}
