import { BoundedMemory } from '../stores/memory/bounded-memory.ts';
import { networkOf } from './network-of.ts';
import { OAuthError } from './oauth-error.ts';

/** How often an address may fail for one client … */
const limit = 20;
/** … within this time, in seconds. */
const window = 60;

const entryBytes = 200;
const maxBytes = 2_000_000;

interface Failures {
  readonly count: number;
  /** Seconds since the epoch. */
  readonly until: number;
}

/** Slows down whoever tries secrets. */
export interface GuessLimit {
  /** @throws OAuthError (429) when the address has failed too often for this client of late, whatever it brings now. */
  refuse(address: string, clientId: string): void;
  /** Counts a failure. */
  fail(address: string, clientId: string): void;
}

/**
 * Counts failed authentications by address (IPv6: by network) and client, and only those: a busy client never meets the
 * limit, and one that is misconfigured does not lock out its neighbours.
 * The count is forgotten a minute after the first failure. `clock` in seconds.
 */
export function createGuessLimit(clock: () => number): GuessLimit {
  const memory = new BoundedMemory<Failures>({ maxBytes, clock: () => clock() * 1_000 });
  return {
    refuse(address, clientId) {
      const failures = memory.get(keyOf(address, clientId));
      if (failures === undefined || failures.count < limit) return;
      throw new OAuthError(
        'temporarily_unavailable',
        'Too many failed attempts. Try again after the time in Retry-After.',
        {
          status: 429,
          headers: { 'Retry-After': String(Math.max(1, Math.ceil(failures.until - clock()))) },
        },
      );
    },
    fail(address, clientId) {
      const key = keyOf(address, clientId);
      const { count, until } = memory.get(key) ?? { count: 0, until: clock() + window };
      memory.set(key, { count: count + 1, until }, entryBytes, (until - clock()) * 1_000);
    },
  };
}

const keyOf = (address: string, clientId: string): string => `${networkOf(address)} ${clientId}`;
