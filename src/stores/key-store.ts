/** The signature algorithms of access tokens: RFC 9068 §4 requires the first, the second is quicker to sign. */
export type SigningAlgorithm = 'RS256' | 'ES256';

/** A signing key as it is kept. */
export interface StoredKey {
  /** `kid`: the RFC 7638 thumbprint of the public part. */
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
}

/** Where signing keys live. Each verb is atomic over all processes that share the store. */
export interface KeyStore {
  /** Every key, the oldest first. */
  list(): Promise<readonly StoredKey[]>;
  /**
   * Keeps the candidate if there is no key of its algorithm yet, and says which key there is now: of several processes
   * that start at once, all go on with the first one's key.
   */
  createFirst(candidate: StoredKey): Promise<StoredKey>;
}
