import type { User } from '../../model/user.ts';

/** Somebody who says who they are. */
export interface SignInAttempt {
  readonly username: string;
  readonly password: string;
  /** The caller's address. */
  readonly address: string;
  /** The client that they sign in to, for the audit. */
  readonly clientId?: string;
  /** That client, where it asks for the password itself: `address` is then its own, for all of its users. */
  readonly relayedBy?: string;
}

/** What became of it. */
export type SignInResult =
  | { readonly outcome: 'ok'; readonly user: User }
  | { readonly outcome: 'wrong' }
  | { readonly outcome: 'disabled' }
  /** Too many failures of late, for this account or from this address; `retryAfter` in seconds. Nothing was tried. */
  | { readonly outcome: 'throttled'; readonly retryAfter: number }
  | { readonly outcome: 'unavailable'; readonly retryAfter: number };

/** Checks credentials, slows down who guesses, and tells the audit. Rejects with a StoreError. */
export type SignIn = (attempt: SignInAttempt) => Promise<SignInResult>;
