import { hash } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { Principal } from '../model/principal.ts';
import type { BoundedMemory } from '../stores/memory/bounded-memory.ts';
import type { SigningKeys } from './keys.ts';
import { toPrincipal } from './token-claims.ts';
import { TokenError } from './token-error.ts';
import { readTokenHeader } from './token-header.ts';

/** What {@link createTokenVerifier} needs. */
export interface TokenVerifierOptions {
  readonly issuer: string;
  /** One of the token's audiences must be this. */
  readonly audience: string;
  readonly keys: Pick<SigningKeys, 'find'>;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  /** Remembers who tokens turned out to belong to; for this verifier alone. */
  readonly memory: BoundedMemory<Principal>;
}

export interface TokenVerifier {
  /**
   * Says whom an access token speaks for (RFC 9068 §4).
   *
   * @throws TokenError when it is not a valid one, with the reason for the log.
   */
  verify(token: string): Principal;
}

/** How far the clock of another machine that issues for us may be ahead, in seconds. Nothing outlives its `exp`. */
const clockSkew = 30;
/** How long a verified token is taken at its word, in seconds. */
const longestMemory = 60;

/**
 * Verifies access tokens. A good one is remembered by its hash, so that the signature is checked once a minute and not
 * with each request; a bad one is never remembered.
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { keys, clock, memory } = options;

  function check(token: string): Principal {
    const { alg, kid } = readTokenHeader(token);
    const key = keys.find(kid);
    if (key === undefined) throw new TokenError('signed with a key that is not ours');
    if (alg !== key.algorithm) throw new TokenError('an algorithm that is not the one of its key');
    const principal = toPrincipal(verifySignature(token, key.publicKey, options, key.algorithm));
    const now = clock();
    if (principal.expiresAt <= now) throw new TokenError('expired');
    if ((principal.claims.iat as number) > now + clockSkew) throw new TokenError('issued in the future');
    return principal;
  }

  return {
    verify(token) {
      const digest = hash('sha256', token, 'base64');
      const remembered = memory.get(digest);
      if (remembered !== undefined) return remembered;
      const principal = check(token);
      const seconds = Math.min(principal.expiresAt - clock(), longestMemory);
      memory.set(digest, principal, weigh(token), seconds * 1_000);
      return principal;
    },
  };
}

function verifySignature(
  token: string,
  key: Parameters<typeof jwt.verify>[1],
  { issuer, audience, clock }: TokenVerifierOptions,
  algorithm: jwt.Algorithm,
): unknown {
  try {
    return jwt.verify(token, key, {
      algorithms: [algorithm],
      issuer,
      audience,
      clockTimestamp: clock(),
      clockTolerance: clockSkew,
    });
  } catch (cause) {
    throw new TokenError((cause as Error).message, { cause });
  }
}

/** About what the parsed claims take in memory, in bytes: they are the token's text again, in strings and objects. */
const weigh = (token: string): number => 500 + 3 * token.length;
