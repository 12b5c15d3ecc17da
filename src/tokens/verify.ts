import type { Principal } from '../model/principal.ts';
import type { BoundedMemory } from '../stores/memory/bounded-memory.ts';
import type { SigningKeys } from './keys.ts';
import type { Revocations } from './revocation.ts';
import { toPrincipal } from './token-claims.ts';
import { TokenError } from './token-error.ts';
import { readTokenHeader } from './token-header.ts';
import { createTokenMemory } from './token-memory.ts';
import { checkTimes, verifySignature } from './verify-signature.ts';

/** What {@link createTokenVerifier} needs. */
export interface TokenVerifierOptions {
  readonly issuer: string;
  /** One of the token's audiences must be this; undefined where it does not matter whom the token is for. */
  readonly audience: string | undefined;
  readonly keys: Pick<SigningKeys, 'find'>;
  readonly revocations: Pick<Revocations, 'covers'>;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  /** Remembers who tokens turned out to belong to; for this verifier alone. */
  readonly memory: BoundedMemory<Principal>;
}

/** Checks tokens. */
export interface TokenVerifier {
  /**
   * Says whom an access token speaks for (RFC 9068 §4).
   *
   * @throws TokenError when it is not a valid one, with the reason for the log.
   */
  verify(token: string): Principal;
  /**
   * The same for a token that was verified lately; undefined for any other one.
   *
   * @throws TokenError when it has been revoked since.
   */
  recall(token: string): Principal | undefined;
  /**
   * Has the token of this principal, which was good once, been taken back since: by a revocation, or with the key that
   * signed it? Tokens of other issuers never are.
   */
  isRevoked(principal: Principal): boolean;
}

/**
 * Verifies access tokens. A good one is remembered by its hash, so that the signature is checked once a minute and not
 * with each request; a bad one is never remembered. Whether it is revoked, or its key gone, is asked every time.
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { issuer, audience, keys, revocations, clock } = options;
  const memory = createTokenMemory(options.memory, clock);

  function check(token: string): Principal {
    const { alg, kid } = readTokenHeader(token);
    const key = keys.find(kid);
    if (key === undefined) throw new TokenError('signed with a key that is not ours');
    if (alg !== key.algorithm) throw new TokenError('an algorithm that is not the one of its key');
    const now = clock();
    const { publicKey, algorithm } = key;
    const principal = toPrincipal(verifySignature(token, { key: publicKey, algorithm, issuer, audience, now }), kid);
    checkTimes(principal.expiresAt, principal.claims.iat as number, now);
    return principal;
  }

  function isRevoked(principal: Principal): boolean {
    const { keyId } = principal;
    return keyId !== undefined && (keys.find(keyId) === undefined || revocations.covers(principal));
  }

  function refuseRevoked(principal: Principal): Principal {
    if (isRevoked(principal)) throw new TokenError('revoked');
    return principal;
  }

  function recall(token: string): Principal | undefined {
    const remembered = memory.recall(token);
    return remembered && refuseRevoked(remembered);
  }

  return {
    recall,
    isRevoked,
    verify: (token) => recall(token) ?? memory.remember(token, refuseRevoked(check(token))),
  };
}
