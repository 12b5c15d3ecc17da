/** Where the token endpoint is, below the issuer. */
export const tokenPath = '/oauth/token';
/** Where tokens are taken back, below the issuer. */
export const revocationPath = '/oauth/revoke';
/** Where tokens are looked into, below the issuer. */
export const introspectionPath = '/oauth/introspect';
/** Where the key set is, below the issuer. */
export const jwksPath = '/.well-known/jwks.json';
const metadataPath = '/.well-known/oauth-authorization-server';

/** The paths of the endpoints, as requests have them. */
export interface OAuthPaths {
  readonly token: string;
  readonly revocation: string;
  readonly introspection: string;
  readonly jwks: string;
  /** Two where the issuer has a path: RFC 8414 §3.1 inserts the well-known part before it, many clients append it. */
  readonly metadata: readonly string[];
}

/** Puts the endpoints below the issuer's own path. */
export function pathsOf(issuer: string): OAuthPaths {
  const base = new URL(issuer).pathname.replace(/\/$/, '');
  return {
    token: base + tokenPath,
    revocation: base + revocationPath,
    introspection: base + introspectionPath,
    jwks: base + jwksPath,
    metadata: [...new Set([metadataPath + base, base + metadataPath])],
  };
}
