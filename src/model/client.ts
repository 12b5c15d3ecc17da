/** A grant that a client may use at the token endpoint (RFC 6749 §1.3). */
export type GrantType = 'client_credentials' | 'authorization_code' | 'refresh_token' | 'password';

/** How a client proves itself at the token endpoint (RFC 6749 §2.3.1, names of RFC 8414). */
export type ClientAuthentication = 'client_secret_basic' | 'client_secret_post' | 'none';

/** An OAuth client. Never "whoever sends a request": that is the caller. */
export interface Client {
  readonly id: string;
  readonly type: 'confidential' | 'public';
  /** Hashes of the live secrets, `sha256:` and 64 hex digits; two while one is being replaced, none for a public client. */
  readonly secretHashes: readonly string[];
  /** The ways it may authenticate; anything else is refused even with the right secret. */
  readonly authentication: readonly ClientAuthentication[];
  readonly grants: readonly GrantType[];
  readonly scopes: readonly string[];
  readonly redirectUris: readonly string[];
  /** Roles and further claims of tokens that it gets for itself. */
  readonly roles: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
}
