import { hash } from 'node:crypto';
import { foldUsername } from '../../stores/fold-username.ts';
import { BoundedMemory } from '../../stores/memory/bounded-memory.ts';
import { networkOf } from '../network-of.ts';
import { Backoff } from './backoff.ts';

/** An attempt that may be made. It is counted as a failure until something else is said of it. */
export interface Trial {
  /** The password was right. */
  succeed(): void;
  /** It could not be told: nothing has happened. */
  undo(): void;
  /** Seconds that the next attempt on this account from this address has to wait, as things stand. */
  wait(): number;
}

/** Where an attempt comes from: an address, or a client that has proved itself and asks its users for passwords. */
export type AttemptSource = { readonly address: string } | { readonly client: string };

/** Slows down who guesses passwords. */
export interface SignInThrottle {
  /** Either an attempt may be made now, or it is told how long to wait, in seconds: from 1 to 60. */
  begin(username: string, source: AttemptSource): Trial | { readonly retryAfter: number };
}

const minutes = 60;
const days = 24 * 60 * 60;
const entryBytes = 250;
const maxBytes = 4_000_000;

/**
 * Slows down who guesses, and locks nobody out: every wait ends within a minute, and who is made to wait is not counted.
 * Addresses of IPv6 count by their network. `clock` in seconds; it never goes back.
 * - One account from one address: after 5 failures in a row 1 s, 2 s, 4 s … up to 60 s; forgotten 10 minutes after the
 *   latest, or with a success.
 * - One address, whatever the account: the same after 50 failures within 10 minutes.
 * - One account, wherever from: up to 5 s between attempts after 20 failures within 10 minutes.
 *
 * A client that asks its users for their passwords stands in for an address in the first rule, and is exempt from the
 * second: all its users come from there, and the failures of one must not slow down the others.
 *
 * An address from which an account signed in within the last 30 days is exempt from the last two for that account: whose
 * password others guess can still sign in from where they usually do.
 *
 * An attempt is counted when it begins, so that many at once gain nothing. Only hashes of what was typed are remembered:
 * people type passwords into the wrong field. All of it is forgotten with the process.
 */
export function createSignInThrottle(clock: () => number): SignInThrottle {
  const window = 10 * minutes;
  const pairs = new Backoff({ free: 5, longest: 60, window, since: 'latest', clock });
  const addresses = new Backoff({ free: 50, longest: 60, window, since: 'first', clock });
  const accounts = new Backoff({ free: 20, longest: 5, window, since: 'first', clock });
  const usual = new BoundedMemory<true>({ maxBytes, clock: () => clock() * 1_000 });

  return {
    begin(username, source) {
      const account = hash('sha256', foldUsername(username), 'base64url');
      const isShared = 'client' in source;
      const network = isShared ? `client ${source.client}` : networkOf(source.address);
      const pair = `${account} ${network}`;
      const wait = (): number =>
        usual.get(pair) === true
          ? pairs.waitFor(pair)
          : Math.max(pairs.waitFor(pair), addresses.waitFor(network), accounts.waitFor(account));

      const seconds = wait();
      if (seconds > 0) return { retryAfter: Math.ceil(seconds) };
      pairs.count(pair);
      if (!isShared) addresses.count(network);
      accounts.count(account);
      return {
        wait,
        succeed() {
          pairs.forget(pair);
          addresses.undo(network);
          accounts.undo(account);
          usual.set(pair, true, entryBytes, 30 * days * 1_000);
        },
        undo() {
          pairs.undo(pair);
          addresses.undo(network);
          accounts.undo(account);
        },
      };
    },
  };
}
