import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { SigningAlgorithm } from '../stores/key-store.ts';
import { TokenError } from './token-error.ts';

/** The key of a token, and what it has to say beside a good signature. */
export interface Expected {
  readonly key: KeyObject;
  /** The one algorithm of the key. */
  readonly algorithm: SigningAlgorithm;
  readonly issuer: string;
  /** One of the token's audiences must be this; undefined where it does not matter whom the token is for. */
  readonly audience: string | undefined;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** How far the clock of another machine that issues tokens may be ahead, in seconds. Nothing outlives its `exp`. */
const clockSkew = 30;

/**
 * Checks the signature of a token, its issuer and its audience, and gives its claims. Their types, `exp` above all, are
 * not checked yet: {@link checkTimes} comes when they are.
 *
 * @throws TokenError
 */
export function verifySignature(token: string, { key, algorithm, issuer, audience, now }: Expected): unknown {
  try {
    return jwt.verify(token, key, {
      algorithms: [algorithm],
      issuer,
      ...(audience !== undefined && { audience }),
      clockTimestamp: now,
      clockTolerance: clockSkew,
    });
  } catch (cause) {
    throw new TokenError((cause as Error).message, { cause });
  }
}

/**
 * Checks that a token whose `nbf` has been reached is not over and was not made in the future.
 *
 * @throws TokenError
 */
export function checkTimes(expiresAt: number, issuedAt: number | undefined, now: number): void {
  if (expiresAt <= now) throw new TokenError('expired');
  if (issuedAt !== undefined && issuedAt > now + clockSkew) throw new TokenError('issued in the future');
}
