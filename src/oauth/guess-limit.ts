import { hash } from 'node:crypto';
import { BoundedMemory } from '../stores/memory/bounded-memory.ts';
import type { ClientCredentials } from './client-credentials.ts';
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

/** How long a secret that was right is known for no guess, in seconds. */
const knownFor = 30 * 24 * 3_600;

/** Slows down whoever tries secrets. */
export interface GuessLimit {
  /**
   * @throws OAuthError (429) when the address has failed too often for this client of late, whatever it brings now,
   * except what was right before.
   */
  refuse(address: string, credentials: ClientCredentials | undefined): void;
  /** Counts a failure. */
  fail(address: string, credentials: ClientCredentials | undefined): void;
  /** The credentials were right. */
  succeed(credentials: ClientCredentials): void;
}

/**
 * Counts failed authentications by address (IPv6: by network) and client, and only those: a busy client never meets the
 * limit, and one that is misconfigured does not lock out its neighbours. Nor does a stranger behind the same address,
 * which may be that of a proxy for everybody: a secret that was right before is no guess, and who fails with a secret is
 * counted apart from who brings none, as public clients do.
 * The count is forgotten a minute after the first failure. `clock` in seconds.
 */
export function createGuessLimit(clock: () => number): GuessLimit {
  const milliseconds = (): number => clock() * 1_000;
  const memory = new BoundedMemory<Failures>({ maxBytes, clock: milliseconds });
  const known = new BoundedMemory<true>({ maxBytes, clock: milliseconds });
  return {
    refuse(address, credentials) {
      const failures = memory.get(keyOf(address, credentials));
      if (failures === undefined || failures.count < limit) return;
      if (credentials !== undefined && known.get(digestOf(credentials)) === true) return;
      throw new OAuthError(
        'temporarily_unavailable',
        'Too many failed attempts. Try again after the time in Retry-After.',
        {
          status: 429,
          headers: { 'Retry-After': String(Math.max(1, Math.ceil(failures.until - clock()))) },
        },
      );
    },
    fail(address, credentials) {
      const key = keyOf(address, credentials);
      const { count, until } = memory.get(key) ?? { count: 0, until: clock() + window };
      memory.set(key, { count: count + 1, until }, entryBytes, (until - clock()) * 1_000);
    },
    succeed(credentials) {
      known.set(digestOf(credentials), true, entryBytes, knownFor * 1_000);
    },
  };
}

/** Callers make up ids of any length. */
function keyOf(address: string, credentials: ClientCredentials | undefined): string {
  const { clientId = '', method = 'none' } = credentials ?? {};
  return `${networkOf(address)} ${method === 'none'} ${hash('sha256', clientId, 'base64url')}`;
}

const digestOf = ({ clientId, secret }: ClientCredentials): string =>
  hash('sha256', JSON.stringify([clientId, secret]), 'base64url');
