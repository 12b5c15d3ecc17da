import type { Client } from '../model/client.ts';

/** A secret of a stored client, as its hash. */
export interface StoredSecret {
  /** `sha256:` and 64 hex digits. */
  readonly hash: string;
  /** Seconds since the epoch, as all times here. */
  readonly createdAt: number;
  /** When it stops working; undefined for the current one. */
  readonly expiresAt: number | undefined;
}

/** A client that was added while the gateway ran, and not by the configuration. */
export interface StoredClient extends Omit<Client, 'secretHashes'> {
  /** At most two: the current one last. None for a public client. */
  readonly secrets: readonly StoredSecret[];
  readonly disabled: boolean;
  readonly createdAt: number;
}

/** Clients that were added at run time. Each verb is atomic over all processes that share the store. */
export interface ClientStore {
  /** False, and nothing done, when the id is taken. */
  add(client: StoredClient): Promise<boolean>;
  find(id: string): Promise<StoredClient | undefined>;
  /** In the order of ids. */
  list(): Promise<readonly StoredClient[]>;
  /**
   * Makes this the current secret; the one before works until `overlapUntil`, any older one ends now. The client as it
   * is now; undefined when there is none.
   */
  rotateSecret(id: string, hash: string, overlapUntil: number, now: number): Promise<StoredClient | undefined>;
  /** The client as it is now; undefined when there is none. */
  setDisabled(id: string, disabled: boolean): Promise<StoredClient | undefined>;
  /** Does a client that is not disabled name this origin? */
  hasOrigin(origin: string): Promise<boolean>;
}

/** The secrets after a rotation: the one that was current, until `overlapUntil`, and the new one. */
export const rotateSecrets = (
  secrets: readonly StoredSecret[],
  hash: string,
  overlapUntil: number,
  now: number,
): readonly StoredSecret[] => [
  ...secrets.slice(-1).map((before) => ({ ...before, expiresAt: overlapUntil })),
  { hash, createdAt: now, expiresAt: undefined },
];
