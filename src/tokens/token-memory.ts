import { hash } from 'node:crypto';
import type { Principal } from '../model/principal.ts';
import type { BoundedMemory } from '../stores/memory/bounded-memory.ts';

/** Who the good tokens of one issuer turned out to belong to. */
export interface TokenMemory {
  recall(token: string): Principal | undefined;
  /** Keeps a principal for up to a minute, never beyond the end of its token, and gives it back. */
  remember(token: string, principal: Principal): Principal;
}

/** How long a verified token is taken at its word, in seconds. */
const longestMemory = 60;

/** Remembers by the hash of the token, so that no token lies about in memory. `clock` in seconds since the epoch. */
export function createTokenMemory(memory: BoundedMemory<Principal>, clock: () => number): TokenMemory {
  return {
    recall: (token) => memory.get(digestOf(token)),
    remember(token, principal) {
      const seconds = Math.min(principal.expiresAt - clock(), longestMemory);
      memory.set(digestOf(token), principal, weigh(token), seconds * 1_000);
      return principal;
    },
  };
}

const digestOf = (token: string): string => hash('sha256', token, 'base64');

/** About what the parsed claims take in memory, in bytes: they are the token's text again, in strings and objects. */
const weigh = (token: string): number => 500 + 3 * token.length;
