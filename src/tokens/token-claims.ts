import type { Principal } from '../model/principal.ts';
import { TokenError } from './token-error.ts';

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);

/** RFC 9068 §2.2: what every access token has … */
const required: Readonly<Record<string, (value: unknown) => boolean>> = {
  iss: isText,
  sub: isText,
  aud: (value) => isText(value) || (isTexts(value) && value.length > 0),
  exp: isTime,
  iat: isTime,
  jti: isText,
  client_id: isText,
};

/** … and what it may have. */
const optional: Readonly<Record<string, (value: unknown) => boolean>> = {
  nbf: isTime,
  scope: (value) => typeof value === 'string',
  roles: isTexts,
  auth_time: isTime,
  sid: isText,
};

/**
 * Turns the claims of a token whose signature is good into the principal.
 *
 * @throws TokenError when one is missing or of the wrong type.
 */
export function toPrincipal(claims: unknown): Principal {
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) throw new TokenError('no claims');
  const values = claims as Record<string, unknown>;
  for (const [name, isValid] of Object.entries(required)) {
    if (!isValid(values[name])) throw new TokenError(`the claim ${name} is missing or of the wrong type`);
  }
  for (const [name, isValid] of Object.entries(optional)) {
    if (values[name] !== undefined && !isValid(values[name])) {
      throw new TokenError(`the claim ${name} is of the wrong type`);
    }
  }
  return Object.freeze({
    subject: values.sub as string,
    clientId: values.client_id as string,
    scopes: ((values.scope as string | undefined) ?? '').split(' ').filter((scope) => scope !== ''),
    roles: (values.roles as string[] | undefined) ?? [],
    tokenId: values.jti as string,
    expiresAt: values.exp as number,
    claims: values,
  });
}
