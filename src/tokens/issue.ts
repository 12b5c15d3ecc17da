import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { reservedClaims } from '../config/reserved-claims.ts';
import type { SigningKeys } from './keys.ts';
import type { Revocations } from './revocation.ts';

/** What is true of every token of this authorization server. */
export interface TokenIssuerOptions {
  readonly issuer: string;
  readonly keys: Pick<SigningKeys, 'current'>;
  readonly revocations: Pick<Revocations, 'epoch'>;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  /** Makes a `jti`. Default: a random UUID. */
  readonly createId?: () => string;
}

/** What is true of one token. */
export interface AccessTokenInput {
  readonly subject: string;
  readonly clientId: string;
  /** `aud`: the resource that the token is for. */
  readonly audience: string;
  /** `sid`: the grant of a user that the token comes from. */
  readonly grantId?: string;
  /** `auth_time`: when the user signed in, in seconds since the epoch. */
  readonly authTime?: number;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  /** Seconds. */
  readonly lifetime: number;
  /** Further claims. Those with a reserved name are left out: they are not a client's to say. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A signed token, and what the caller of the issuer may want to know of it. */
export interface AccessToken {
  readonly token: string;
  /** `jti`. */
  readonly id: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** Signs tokens. */
export interface TokenIssuer {
  /** Signs an access token (RFC 9068 §2) with the current key. */
  issueAccessToken(input: AccessTokenInput): Promise<AccessToken>;
}

/** Makes access tokens. */
export function createTokenIssuer(options: TokenIssuerOptions): TokenIssuer {
  const { issuer, keys, revocations, clock, createId = randomUUID } = options;
  return {
    async issueAccessToken({ subject, clientId, audience, grantId, authTime, scopes, roles, lifetime, claims }) {
      const id = createId();
      const issuedAt = Math.floor(clock());
      const expiresAt = issuedAt + lifetime;
      const further = Object.entries(claims).filter(([name]) => !reservedClaims.has(name));
      const token = sign(keys.current(), {
        iss: issuer,
        sub: subject,
        aud: audience,
        exp: expiresAt,
        iat: issuedAt,
        jti: id,
        client_id: clientId,
        epoch: revocations.epoch,
        ...(grantId !== undefined && { sid: grantId }),
        ...(authTime !== undefined && { auth_time: authTime }),
        ...(scopes.length > 0 && { scope: scopes.join(' ') }),
        ...(roles.length > 0 && { roles }),
        ...Object.fromEntries(further),
      });
      return { token, id, expiresAt };
    },
  };
}

// With a callback jsonwebtoken signs on this thread all the same, only by way of two streams.
const sign = ({ id, algorithm, privateKey }: ReturnType<SigningKeys['current']>, claims: object): string =>
  jwt.sign(claims, privateKey, { algorithm, header: { alg: algorithm, typ: 'at+jwt', kid: id } });
