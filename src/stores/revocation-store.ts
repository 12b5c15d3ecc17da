/**
 * What a revocation takes back: one token by its `jti`, all tokens of a grant by its id (`sid`), of a user by `sub`, of
 * a client by `client_id`, or every token.
 */
export type Revocation =
  | { readonly level: 'token' | 'grant' | 'user' | 'client'; readonly id: string }
  | { readonly level: 'everything' };

/** A revocation as it is kept. */
export type StoredRevocation = Revocation & {
  /** Its place in the order of all revocations of this store, in which the tokens know theirs. */
  readonly position: number;
  /** When no token that it concerns can be alive any more, in seconds since the epoch. */
  readonly until: number;
};

/**
 * Where revocations live for as long as a token that they concern could. Each verb is atomic over all processes that
 * share the store; `now` in seconds since the epoch.
 */
export interface RevocationStore {
  /**
   * Keeps a revocation and says its position, which is higher than any that was ever given out ({@link nextPosition}).
   * Resolves only when it is durable. May forget those that are over.
   */
  append(revocation: Revocation, until: number, now: number): Promise<StoredRevocation>;
  /** Those that are not over, in the order of their positions. */
  live(now: number): Promise<readonly StoredRevocation[]>;
}

/**
 * The position after `last`. It counts, and is at least the time in milliseconds: in a store that was restored from an
 * older copy the count alone would give positions away twice.
 */
export const nextPosition = (last: number, now: number): number => Math.max(last + 1, Math.floor(now * 1_000));
