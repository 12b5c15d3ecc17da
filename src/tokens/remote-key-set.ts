import type { KeyObject } from 'node:crypto';
import { GatewayError } from '../errors/gateway-error.ts';
import type { SigningAlgorithm } from '../stores/key-store.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { FetchedKeys } from './fetch-key-set.ts';
import type { PublicKeys } from './jwk-set.ts';

/** What {@link createRemoteKeySet} needs. */
export interface RemoteKeySetOptions {
  /** For the log. */
  readonly issuer: string;
  readonly fetch: () => Promise<FetchedKeys>;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/** The keys of another issuer, fetched when they are wanted. */
export interface RemoteKeySet {
  /**
   * The key of this id and algorithm, if the issuer has it. At once when it is known.
   * Rejects with GW_ISSUER_UNAVAILABLE while no keys are known and they cannot be fetched.
   */
  find(id: string, algorithm: SigningAlgorithm): KeyObject | undefined | Promise<KeyObject | undefined>;
}

const minute = 60_000;
/** How long keys are kept when the issuer does not say, and the bounds of what it may say. */
const lifetime = { usual: 10 * minute, least: 5 * minute, most: 24 * 60 * minute };
/** Between two fetches for ids that nobody knows: anybody can make up such tokens. */
const pauseForUnknown = 30_000;
/** After a failed fetch. Without keys every token waits for the next one, with keys only new ids do. */
const pauseAfterFailure = { withKeys: 30_000, withoutKeys: 5_000 };

/**
 * Keeps the keys of another issuer. They are fetched again when they are too old, and for an id that is not among them;
 * by one request at a time, for whom all others wait. What was fetched last stays good while nothing better can be had.
 */
export function createRemoteKeySet({ issuer, fetch, clock, log }: RemoteKeySetOptions): RemoteKeySet {
  let known: PublicKeys | undefined;
  let freshUntil = Number.NEGATIVE_INFINITY;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let unknownPausedUntil = Number.NEGATIVE_INFINITY;
  let failure: Error | undefined;
  let underway: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    try {
      const { keys, maxAge } = await fetch();
      known = keys;
      freshUntil = clock() + lifetimeOf(maxAge);
      if (keys.size === 0) log.warn('an issuer publishes no key that can be used', { issuer });
      if (failure !== undefined) log.info('the keys of an issuer can be fetched again', { issuer });
      failure = undefined;
    } catch (error) {
      pausedUntil = clock() + (known === undefined ? pauseAfterFailure.withoutKeys : pauseAfterFailure.withKeys);
      if (failure === undefined) {
        const effect = known === undefined ? 'its tokens cannot be verified' : 'the last known ones are used';
        log.warn('the keys of an issuer cannot be fetched', { issuer, effect, reason: (error as Error).message });
      }
      failure = error as Error;
    } finally {
      underway = undefined;
    }
  }

  function refreshTogether(): Promise<void> {
    underway ??= refresh();
    return underway;
  }

  function settle(id: string, algorithm: SigningAlgorithm): KeyObject | undefined {
    if (known !== undefined) return known.find(id, algorithm);
    const seconds = Math.max(1, Math.ceil((pausedUntil - clock()) / 1_000));
    throw new GatewayError('GW_ISSUER_UNAVAILABLE', { headers: ['Retry-After', String(seconds)], cause: failure });
  }

  return {
    find(id, algorithm) {
      const now = clock();
      const isFresh = now < freshUntil;
      const key = isFresh ? known?.find(id, algorithm) : undefined;
      if (key !== undefined) return key;
      if (underway === undefined) {
        if (now < pausedUntil || (isFresh && now < unknownPausedUntil)) return settle(id, algorithm);
        if (isFresh) unknownPausedUntil = now + pauseForUnknown;
      }
      return refreshTogether().then(() => settle(id, algorithm));
    },
  };
}

const lifetimeOf = (maxAge: number | undefined): number =>
  maxAge === undefined ? lifetime.usual : Math.min(Math.max(maxAge * 1_000, lifetime.least), lifetime.most);
