import { ownIssuer } from '../config/access.ts';
import type { Principal } from '../model/principal.ts';
import type { ExternalIssuer } from './external-issuer.ts';
import { TokenError } from './token-error.ts';
import { readUnverifiedIssuer } from './token-header.ts';
import type { TokenVerifier } from './verify.ts';

/** Everybody whose tokens some route accepts. */
export interface KnownIssuers {
  /** `iss` of our own tokens. */
  readonly issuer: string;
  readonly own: Pick<TokenVerifier, 'verify' | 'recall'>;
  readonly others: readonly ExternalIssuer[];
}

type Verify = (token: string) => Principal | Promise<Principal>;

/**
 * Makes the verifier of a route, by the issuers that it accepts: {@link ownIssuer}, or others by their names. By default
 * only our own, whose verifier never hears of the others. Where there are several, the token says by its `iss`, not
 * verified yet, whose rules and keys it has to pass; nothing is fetched for an issuer that the route does not accept.
 */
export function createIssuerChoice({ issuer, own, others }: KnownIssuers) {
  return (accepted: readonly string[] = [ownIssuer]): Verify => {
    const verifiers = new Map<unknown, Verify>(
      others.filter((other) => accepted.includes(other.issuer)).map((other) => [other.issuer, other.verify]),
    );
    const acceptsOwn = accepted.includes(ownIssuer);
    if (acceptsOwn) verifiers.set(issuer, own.verify);
    if (acceptsOwn && verifiers.size === 1) return own.verify;
    return (token) => {
      // Our own tokens are not to be slower where others are accepted too.
      const remembered = acceptsOwn ? own.recall(token) : undefined;
      if (remembered !== undefined) return remembered;
      const verify = verifiers.get(readUnverifiedIssuer(token));
      if (verify === undefined) throw new TokenError('of an issuer that this route does not accept');
      return verify(token);
    };
  };
}
