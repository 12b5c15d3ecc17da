import type { Client } from '../model/client.ts';
import { OAuthError } from './oauth-error.ts';

/** RFC 6749 §3.3: tokens of printable ASCII without quote and backslash, one space between them. */
const scopeList = /^[\x21\x23-\x5B\x5D-\x7E]+( [\x21\x23-\x5B\x5D-\x7E]+)*$/;

/**
 * Decides what a token may be used for: what was asked for, or everything that the client may have (RFC 6749 §3.3).
 *
 * @throws OAuthError when it asks for more than that, or in a malformed way.
 */
export function resolveScopes(requested: string | undefined, client: Client): readonly string[] {
  if (requested === undefined) return client.scopes;
  const scopes = parseScopes(requested);
  if (!scopes.every((scope) => client.scopes.includes(scope))) {
    throw new OAuthError('invalid_scope', 'A requested scope is unknown or not allowed for this client.');
  }
  return scopes;
}

/**
 * The scopes of a parameter, each once.
 *
 * @throws OAuthError when it is malformed.
 */
export function parseScopes(requested: string): readonly string[] {
  if (!scopeList.test(requested)) throw new OAuthError('invalid_scope', 'The parameter scope is malformed.');
  return [...new Set(requested.split(' '))];
}
