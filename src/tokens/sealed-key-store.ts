import type { KeyStore, StoredKey, StoredSecretValue } from '../stores/key-store.ts';
import type { Sealing } from './key-sealing.ts';

/** A key store that takes and gives plain keys and secrets, and keeps them sealed. */
export interface SealedKeyStore extends Omit<KeyStore, 'reseal'> {
  /** Seals what was kept before there was a key to seal it with; all or nothing. */
  sealRest(): Promise<void>;
}

/** Puts a seal between a store and its users. Verbs that read throw a StoreError for what cannot be opened. */
export function createSealedKeyStore(store: KeyStore, { seal, open, isBare }: Sealing): SealedKeyStore {
  const sealKey = (key: StoredKey): StoredKey => ({ ...key, privateKey: seal(nameOfKey(key), key.privateKey) });
  const openKey = (key: StoredKey): StoredKey => ({ ...key, privateKey: open(nameOfKey(key), key.privateKey) });
  const sealSecret = (secret: StoredSecretValue): StoredSecretValue => ({
    ...secret,
    value: seal(nameOfSecret(secret), secret.value),
  });
  const openSecret = (secret: StoredSecretValue): StoredSecretValue => ({
    ...secret,
    value: open(nameOfSecret(secret), secret.value),
  });
  return {
    list: async () => (await store.list()).map(openKey),
    createFirst: async (candidate) => openKey(await store.createFirst(sealKey(candidate))),
    rotate: (key, removedFrom, now) => store.rotate(sealKey(key), removedFrom, now),
    drop: (id, replacement) => store.drop(id, sealKey(replacement)),
    forgetRemoved: (now) => store.forgetRemoved(now),
    listSecrets: async () => (await store.listSecrets()).map(openSecret),
    createFirstSecret: async (candidate) => openSecret(await store.createFirstSecret(sealSecret(candidate))),
    async sealRest() {
      const keys = (await store.list()).filter(({ privateKey }) => isBare(privateKey)).map(sealKey);
      const secrets = (await store.listSecrets()).filter(({ value }) => isBare(value)).map(sealSecret);
      if (keys.length + secrets.length > 0) await store.reseal(keys, secrets);
    },
  };
}

const nameOfKey = ({ id }: StoredKey): string => `signing key ${id}`;
const nameOfSecret = ({ name }: StoredSecretValue): string => `secret ${name}`;
