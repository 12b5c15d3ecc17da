import type { KeyStore, SigningAlgorithm } from '../stores/key-store.ts';
import { generateSigningKey, type PublicJwk, readSigningKey, type SigningKey } from './signing-key.ts';

/** The keys of this authorization server. */
export interface SigningKeys {
  /** The one that signs new tokens. */
  current(): SigningKey;
  /** The key of this id, if it is one of ours. */
  find(id: string): SigningKey | undefined;
  /** What verifiers elsewhere need (RFC 7517 §5). */
  publicJwks(): { readonly keys: readonly PublicJwk[] };
}

/** What {@link loadSigningKeys} needs. */
export interface SigningKeysOptions {
  readonly store: KeyStore;
  /** Signs new tokens; keys of the other algorithm go on verifying. */
  readonly algorithm: SigningAlgorithm;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
}

/**
 * Reads the keys from the store; the first start makes the first one.
 *
 * @throws StoreError when the store fails or a key in it is damaged.
 */
export async function loadSigningKeys({ store, algorithm, clock }: SigningKeysOptions): Promise<SigningKeys> {
  const stored = [...(await store.list())];
  if (!stored.some((key) => key.algorithm === algorithm)) {
    stored.push(await store.createFirst(await generateSigningKey(algorithm, Math.floor(clock()))));
  }
  const keys = stored.map(readSigningKey);
  const byId = new Map(keys.map((key) => [key.id, key]));
  const current = keys.findLast((key) => key.algorithm === algorithm)!;
  const jwks = { keys: keys.map((key) => key.publicJwk) };
  return {
    current: () => current,
    find: (id) => byId.get(id),
    publicJwks: () => jwks,
  };
}
