import type { KeyObject } from 'node:crypto';
import type { ExternalIssuerConfig } from '../config/external-issuer.ts';
import type { Principal } from '../model/principal.ts';
import type { SigningAlgorithm } from '../stores/key-store.ts';
import type { BoundedMemory } from '../stores/memory/bounded-memory.ts';
import { toExternalPrincipal } from './external-claims.ts';
import type { RemoteKeySet } from './remote-key-set.ts';
import { TokenError } from './token-error.ts';
import { type HeaderRules, readTokenHeader } from './token-header.ts';
import { createTokenMemory } from './token-memory.ts';
import { checkTimes, verifySignature } from './verify-signature.ts';

/** What {@link createExternalIssuer} needs. */
export interface ExternalIssuerOptions {
  readonly settings: ExternalIssuerConfig;
  readonly keys: RemoteKeySet;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  /** Remembers who tokens turned out to belong to; for this issuer alone. */
  readonly memory: BoundedMemory<Principal>;
}

/** Checks the tokens of another issuer. */
export interface ExternalIssuer {
  /** What its tokens have in `iss`. */
  readonly issuer: string;
  /**
   * Says whom an access token of this issuer speaks for; at once when its key, or the token, is known.
   *
   * Fails with a TokenError when it is not a valid one, and with GW_ISSUER_UNAVAILABLE when no keys can be had.
   */
  verify(token: string): Principal | Promise<Principal>;
}

/** A thumbprint only names a key; `jku`, `jwk`, `x5u` and `x5c` would bring one, `crit` would ask for more than we know. */
const members = ['alg', 'typ', 'kid', 'x5t', 'x5t#S256'];

const typeRules: Readonly<Record<ExternalIssuerConfig['typ'], HeaderRules>> = {
  'at+jwt': { members, isAccessToken: (typ) => isType(typ, /^(?:application\/)?at\+jwt$/i) },
  // Tokens that say that they are something else, such as logout+jwt, stay out (RFC 8725 §3.11).
  any: { members, isAccessToken: (typ) => typ === undefined || isType(typ, /^(?:jwt|(?:application\/)?at\+jwt)$/i) },
};

const isType = (typ: unknown, form: RegExp): boolean => typeof typ === 'string' && form.test(typ);

/** Verifies the access tokens of one issuer beside our own, and remembers the good ones as we do with our own. */
export function createExternalIssuer({ settings, keys, clock, ...options }: ExternalIssuerOptions): ExternalIssuer {
  const { issuer, audience } = settings;
  const memory = createTokenMemory(options.memory, clock);

  function check(token: string, algorithm: SigningAlgorithm, key: KeyObject | undefined): Principal {
    if (key === undefined) throw new TokenError('signed with a key that its issuer does not have');
    const now = clock();
    const claims = verifySignature(token, { key, algorithm, issuer, audience, now });
    const principal = toExternalPrincipal(token, claims, settings);
    checkTimes(principal.expiresAt, principal.claims.iat as number | undefined, now);
    return memory.remember(token, principal);
  }

  return {
    issuer,
    verify(token) {
      const remembered = memory.recall(token);
      if (remembered !== undefined) return remembered;
      const { alg, kid } = readTokenHeader(token, typeRules[settings.typ]);
      const algorithm = settings.algorithms.find((name) => name === alg);
      if (algorithm === undefined) throw new TokenError('an algorithm that its issuer may not use');
      const key = keys.find(kid, algorithm);
      return key instanceof Promise
        ? key.then((found) => check(token, algorithm, found))
        : check(token, algorithm, key);
    },
  };
}
