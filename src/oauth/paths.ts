/** Where applications send their users, below the issuer. */
export const authorizationPath = '/oauth/authorize';
/** Where users sign in, below the issuer. */
export const loginPath = '/oauth/login';
/** Where users allow what a client asks for, below the issuer. */
export const consentPath = '/oauth/consent';
/** Where users sign out, below the issuer. */
export const logoutPath = '/oauth/logout';
/** What the pages are made of: everything below it is theirs. */
export const assetsPath = '/oauth/assets';
/** Where the token endpoint is, below the issuer. */
export const tokenPath = '/oauth/token';
/** Where tokens are taken back, below the issuer. */
export const revocationPath = '/oauth/revoke';
/** Where tokens are looked into, below the issuer. */
export const introspectionPath = '/oauth/introspect';
/** Where the key set is, below the issuer. */
export const jwksPath = '/.well-known/jwks.json';
const metadataPath = '/.well-known/oauth-authorization-server';
const resourceMetadataPath = '/.well-known/oauth-protected-resource';

/** The paths of the endpoints, as requests have them. */
export interface OAuthPaths {
  readonly authorization: string;
  readonly login: string;
  readonly consent: string;
  readonly logout: string;
  readonly assets: string;
  readonly token: string;
  readonly revocation: string;
  readonly introspection: string;
  readonly jwks: string;
  /** Two where the issuer has a path: RFC 8414 §3.1 inserts the well-known part before it, many clients append it. */
  readonly metadata: readonly string[];
  /** The same two for RFC 9728 §3.1. */
  readonly resourceMetadata: readonly string[];
}

/** Puts the endpoints below the issuer's own path. */
export function pathsOf(issuer: string): OAuthPaths {
  const base = new URL(issuer).pathname.replace(/\/$/, '');
  return {
    authorization: base + authorizationPath,
    login: base + loginPath,
    consent: base + consentPath,
    logout: base + logoutPath,
    assets: base + assetsPath,
    token: base + tokenPath,
    revocation: base + revocationPath,
    introspection: base + introspectionPath,
    jwks: base + jwksPath,
    metadata: [...new Set([metadataPath + base, base + metadataPath])],
    resourceMetadata: [...new Set([resourceMetadataPath + base, base + resourceMetadataPath])],
  };
}
