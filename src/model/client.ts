/** A grant that a client may use at the token endpoint (RFC 6749 §1.3). */
export type GrantType = 'client_credentials' | 'authorization_code' | 'refresh_token' | 'password';

/** How a client proves itself at the token endpoint (RFC 6749 §2.3.1, names of RFC 8414). */
export type ClientAuthentication = 'client_secret_basic' | 'client_secret_post' | 'none';

/** An OAuth client. Never "whoever sends a request": that is the caller. */
export interface Client {
  readonly id: string;
  /** For people: on the consent page and in lists. */
  readonly name: string;
  readonly type: 'confidential' | 'public';
  /** A native one is redirected to any port of the loopback address (RFC 8252 §7.3), and its users are always asked. */
  readonly application: 'web' | 'native';
  /** Belongs to whoever runs this server: its users are not asked for consent, and it may use the password grant. */
  readonly firstParty: boolean;
  /** Hashes of the live secrets, `sha256:` and 64 hex digits; two while one is being replaced, none for a public client. */
  readonly secretHashes: readonly string[];
  /** The ways it may authenticate; anything else is refused even with the right secret. */
  readonly authentication: readonly ClientAuthentication[];
  readonly grants: readonly GrantType[];
  readonly scopes: readonly string[];
  /** Where codes may be sent: compared as they are, except for the port of a native client's loopback address. */
  readonly redirectUris: readonly string[];
  /** Where a browser may go after signing out: compared as they are. */
  readonly postLogoutRedirectUris: readonly string[];
  /** Origins whose scripts may read the answers of the token endpoints (CORS). */
  readonly origins: readonly string[];
  /** What its tokens may be for instead of the usual audience (RFC 8707). */
  readonly resources: readonly string[];
  /** PKCE (RFC 7636): false only for a confidential client that opted out. */
  readonly requirePkce: boolean;
  readonly refreshTokens: RefreshTokenLifetime;
  /** Roles and further claims of tokens that it gets for itself. */
  readonly roles: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
}

/** How long a client may refresh, in seconds. */
export interface RefreshTokenLifetime {
  /** From one refresh to the next. */
  readonly idle: number;
  /** From the user's consent to the last refresh: no rotation extends it. */
  readonly max: number;
}
