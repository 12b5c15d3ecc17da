/** A user who proved who they are, as tokens will speak of them. */
export interface User {
  /** Stable and opaque: `sub`. Never a name of a person, never the id of a client. */
  readonly subject: string;
  readonly roles: readonly string[];
  /** Further claims of the user's tokens, and what pages call the user by: `name` or `preferred_username`. */
  readonly claims: Readonly<Record<string, unknown>>;
}
