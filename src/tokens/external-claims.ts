import { hash } from 'node:crypto';
import type { ExternalIssuerConfig } from '../config/external-issuer.ts';
import { findByPath } from '../model/find-by-path.ts';
import type { Principal } from '../model/principal.ts';
import { foreignName } from './foreign-name.ts';
import { type ClaimTypes, checkClaims, essentialClaims, isText, isTexts, isTime } from './token-claims.ts';
import { TokenError } from './token-error.ts';

type Settings = Pick<ExternalIssuerConfig, 'issuer' | 'typ' | 'claims'>;

/** RFC 9068 §2.2 asks for these too. */
const profileClaims: ClaimTypes = { ...essentialClaims, iat: isTime, jti: isText };
const possibleClaims: ClaimTypes = { nbf: isTime, iat: isTime, jti: isText };

/** What only ID tokens have (OpenID Connect Core §3.1.3.6, §3.3.2.11): they say who signed in, and open nothing. */
const idTokenClaims = ['at_hash', 'c_hash'];

/**
 * Turns the claims of another issuer's token, whose signature is good, into a principal with names that are its alone:
 * subject, client and token id begin with the issuer ({@link foreignName}).
 *
 * @throws TokenError when a claim is missing or of the wrong type, or the token is none that may be used so.
 */
export function toExternalPrincipal(
  token: string,
  claims: unknown,
  { issuer, typ, claims: names }: Settings,
): Principal {
  const values = checkClaims(claims, typ === 'any' ? essentialClaims : profileClaims, possibleClaims);
  if (idTokenClaims.some((name) => values[name] !== undefined)) throw new TokenError('an ID token');
  // RFC 9449 §7.1, RFC 8705 §3: it is good only together with a proof, which nobody checks here.
  if (values.cnf !== undefined) throw new TokenError('bound to a key that the caller has not shown');
  const client = findByPath(values, names.client);
  if (!isText(client)) throw new TokenError(`the claim ${names.client} is missing or of the wrong type`);
  return Object.freeze({
    subject: foreignName(issuer, values.sub as string),
    clientId: foreignName(issuer, client),
    scopes: readScopes(values, names.scopes),
    roles: readRoles(values, names.roles),
    tokenId: foreignName(issuer, (values.jti as string | undefined) ?? hash('sha256', token, 'base64url')),
    // Their `sid` names a session over there, and no grant of ours.
    grantId: undefined,
    expiresAt: values.exp as number,
    claims: values,
  });
}

function readScopes(claims: Record<string, unknown>, name: string): readonly string[] {
  const value = findByPath(claims, name) ?? [];
  if (typeof value === 'string') return value.split(' ').filter((scope) => scope !== '');
  if (isTexts(value)) return value;
  throw new TokenError(`the claim ${name} is of the wrong type`);
}

function readRoles(claims: Record<string, unknown>, name: string): readonly string[] {
  const value = findByPath(claims, name) ?? [];
  if (isText(value)) return [value];
  if (isTexts(value)) return value;
  throw new TokenError(`the claim ${name} is of the wrong type`);
}
