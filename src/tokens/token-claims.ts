import type { Principal } from '../model/principal.ts';
import { isForeignName } from './foreign-name.ts';
import { TokenError } from './token-error.ts';

/** The values that claims may have, by name. */
export type ClaimTypes = Readonly<Record<string, (value: unknown) => boolean>>;

/** A text that is not empty. */
export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
/** Seconds since the epoch. */
export const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
/** A list of texts that are not empty. */
export const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);

/** Without these nobody can say whom a token speaks for, to whom, and how long. */
export const essentialClaims: ClaimTypes = {
  iss: isText,
  sub: isText,
  aud: (value) => isText(value) || (isTexts(value) && value.length > 0),
  exp: isTime,
};

/** RFC 9068 §2.2: what every access token has … */
const required: ClaimTypes = { ...essentialClaims, iat: isTime, jti: isText, client_id: isText };

/** … and what it may have. */
const optional: ClaimTypes = {
  nbf: isTime,
  scope: (value) => typeof value === 'string',
  roles: isTexts,
  auth_time: isTime,
  sid: isText,
  epoch: isCount,
};

/**
 * The claims of a token whose signature is good, if they are what they have to be.
 *
 * @throws TokenError when one that is needed is missing, or any is of the wrong type.
 */
export function checkClaims(claims: unknown, needed: ClaimTypes, possible: ClaimTypes): Record<string, unknown> {
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) throw new TokenError('no claims');
  const values = claims as Record<string, unknown>;
  for (const [name, isValid] of Object.entries(needed)) {
    if (!isValid(values[name])) throw new TokenError(`the claim ${name} is missing or of the wrong type`);
  }
  for (const [name, isValid] of Object.entries(possible)) {
    if (values[name] !== undefined && !isValid(values[name])) {
      throw new TokenError(`the claim ${name} is of the wrong type`);
    }
  }
  return values;
}

/**
 * Turns the claims of a token of ours, whose signature by the key of this id is good, into the principal.
 *
 * @throws TokenError when one is missing, of the wrong type, or names somebody of another issuer.
 */
export function toPrincipal(claims: unknown, keyId: string): Principal {
  const values = checkClaims(claims, required, optional);
  if (isForeignName(values.sub as string) || isForeignName(values.client_id as string)) {
    throw new TokenError('a name that is kept for other issuers');
  }
  return Object.freeze({
    subject: values.sub as string,
    clientId: values.client_id as string,
    scopes: ((values.scope as string | undefined) ?? '').split(' ').filter((scope) => scope !== ''),
    roles: (values.roles as string[] | undefined) ?? [],
    tokenId: values.jti as string,
    grantId: values.sid as string | undefined,
    keyId,
    expiresAt: values.exp as number,
    claims: values,
  });
}
