import type { User } from '../../model/user.ts';

/** What a directory says of a username and a password. */
export type Authentication =
  | { readonly outcome: 'ok'; readonly user: User }
  /** No such user, or another password: nobody learns which. */
  | { readonly outcome: 'wrong' }
  /** The password is right, but the account may not be used. */
  | { readonly outcome: 'disabled' }
  /** It cannot be told now. `retryAfter` in seconds; the reason is for the log. */
  | { readonly outcome: 'unavailable'; readonly retryAfter: number; readonly reason: string };

/** What a directory says of a user it knew. */
export type Lookup =
  | { readonly outcome: 'ok'; readonly user: User }
  /** There is no such user any more, or the account may not be used. */
  | { readonly outcome: 'gone' }
  /** It does not tell: what it said at sign-in holds. */
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'unavailable'; readonly retryAfter: number; readonly reason: string };

/** Who knows the users. Neither verb rejects, except with a StoreError. */
export interface UserDirectory {
  /** Takes the same time for a user that there is not. */
  authenticate(username: string, password: string): Promise<Authentication>;
  /** By `sub`. */
  find(subject: string): Promise<Lookup>;
}
