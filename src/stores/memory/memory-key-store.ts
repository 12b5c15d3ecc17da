import type { KeyStore, StoredKey, StoredSecretValue } from '../key-store.ts';

/** Signing keys and secrets that end with the process: tokens of the run before are refused after a restart. */
export function createMemoryKeyStore(): KeyStore {
  let keys: readonly StoredKey[] = [];
  const secrets = new Map<string, StoredSecretValue>();

  const keep = (key: StoredKey): void => {
    keys = [...keys, key].sort((a, b) => a.activeFrom - b.activeFrom || a.createdAt - b.createdAt);
  };

  return {
    async list() {
      return keys;
    },
    async createFirst(candidate) {
      const present = keys.filter(({ algorithm }) => algorithm === candidate.algorithm);
      if (present.length > 0) return present.find(({ removedFrom }) => removedFrom === undefined) ?? present[0]!;
      keep(candidate);
      return candidate;
    },
    async rotate(key, removedFrom, now) {
      const isOther = ({ algorithm }: StoredKey): boolean => algorithm === key.algorithm;
      if (keys.some((other) => isOther(other) && other.activeFrom > now)) return false;
      keys = keys.map((other) =>
        isOther(other) ? { ...other, removedFrom: Math.min(other.removedFrom ?? removedFrom, removedFrom) } : other,
      );
      keep(key);
      return true;
    },
    async drop(id, replacement) {
      const dropped = keys.find((key) => key.id === id);
      if (dropped === undefined) return false;
      const signing = keys.findLast(
        ({ algorithm, activeFrom }) => algorithm === replacement.algorithm && activeFrom <= replacement.activeFrom,
      );
      keys = keys.filter((key) => key !== dropped);
      if (signing === undefined || signing === dropped) {
        // What waited to take over from the dropped one takes over from its replacement.
        keep(signing === undefined ? replacement : { ...replacement, removedFrom: signing.removedFrom });
      } else if (dropped.algorithm === signing.algorithm && dropped.activeFrom > replacement.activeFrom) {
        keys = keys.map((key) => (key === signing ? { ...key, removedFrom: undefined } : key));
      }
      return true;
    },
    async forgetRemoved(now) {
      keys = keys.filter(({ removedFrom }) => removedFrom === undefined || removedFrom > now);
    },
    async reseal(resealed, resealedSecrets) {
      const privateKeys = new Map(resealed.map(({ id, privateKey }) => [id, privateKey]));
      keys = keys.map((key) => ({ ...key, privateKey: privateKeys.get(key.id) ?? key.privateKey }));
      for (const secret of resealedSecrets) if (secrets.has(secret.name)) secrets.set(secret.name, secret);
    },
    async listSecrets() {
      return [...secrets.values()];
    },
    async createFirstSecret(candidate) {
      const present = secrets.get(candidate.name);
      if (present !== undefined) return present;
      secrets.set(candidate.name, candidate);
      return candidate;
    },
  };
}
