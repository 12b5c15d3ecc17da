/** The signature algorithms of access tokens: RFC 9068 §4 requires the first, the second is quicker to sign. */
export type SigningAlgorithm = 'RS256' | 'ES256';

/** A signing key as it is kept. Times in seconds since the epoch. */
export interface StoredKey {
  /** `kid`: the RFC 7638 thumbprint of the public part. */
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  /** PKCS #8, PEM; or sealed, where the configuration has a key for that. */
  readonly privateKey: string;
  readonly createdAt: number;
  /** When it begins to sign: until then it is only published, so that verifiers elsewhere know it in time. */
  readonly activeFrom: number;
  /** When no token that it signed can be alive any more; undefined while it signs or is to sign. */
  readonly removedFrom: number | undefined;
}

/** Something that only this server knows, by name; kept sealed like the keys. */
export interface StoredSecretValue {
  readonly name: string;
  readonly value: string;
}

/** Where signing keys live. Each verb is atomic over all processes that share the store. */
export interface KeyStore {
  /** Every key, in the order in which they begin to sign. */
  list(): Promise<readonly StoredKey[]>;
  /**
   * Keeps the candidate if there is no key of its algorithm yet, and says which key there is now, of several the one
   * that is not to be removed: of several processes that start at once, all go on with the first one's key.
   */
  createFirst(candidate: StoredKey): Promise<StoredKey>;
  /**
   * Keeps a new key that takes over at its `activeFrom`: the other keys of its algorithm are removed from `removedFrom`
   * on. Nothing is kept, and false, when another key of the algorithm is waiting to take over at `now` already.
   */
  rotate(key: StoredKey, removedFrom: number, now: number): Promise<boolean>;
  /**
   * Removes a key at once. If it is the one that signs at the replacement's `activeFrom`, the replacement takes over,
   * until the key that waits does, if one waits; if it is one that waits, the key that signs goes on. False when there
   * is no such key, and nothing is kept then.
   */
  drop(id: string, replacement: StoredKey): Promise<boolean>;
  /** Forgets the keys that are removed by `now`. */
  forgetRemoved(now: number): Promise<void>;
  /** Puts other forms of private keys and secrets in place of the present ones, all or none, by id and name. */
  reseal(keys: readonly Pick<StoredKey, 'id' | 'privateKey'>[], secrets: readonly StoredSecretValue[]): Promise<void>;
  /** Every secret. */
  listSecrets(): Promise<readonly StoredSecretValue[]>;
  /** Keeps the candidate if there is no secret of its name yet, and says which there is now. */
  createFirstSecret(candidate: StoredSecretValue): Promise<StoredSecretValue>;
}
