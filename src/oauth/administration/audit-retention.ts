import type { AuditStore } from '../../stores/audit-store.ts';
import type { OAuthLog } from '../log.ts';

/** What {@link keepAuditShort} needs. */
export interface AuditRetentionOptions {
  readonly store: Pick<AuditStore, 'forgetBefore'>;
  /** How long events are kept, in seconds. */
  readonly keep: number;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  readonly log: Pick<OAuthLog, 'warn'>;
  /** Calls again and again, the interval in milliseconds. By default a timer that keeps no process alive. */
  readonly every?: (interval: number, call: () => void) => () => void;
}

const day = 24 * 3_600 * 1_000;

/** Forgets what is older than the audit keeps: now, and once a day until the function that comes back is called. */
export function keepAuditShort({ store, keep, clock, log, every = startTimer }: AuditRetentionOptions): () => void {
  const forget = (): void => {
    store.forgetBefore(clock() - keep).catch((error: unknown) => {
      log.warn('old events of the audit cannot be forgotten now: tried again in a day', { error });
    });
  };
  forget();
  return every(day, forget);
}

function startTimer(interval: number, call: () => void): () => void {
  const timer = setInterval(call, interval);
  timer.unref();
  return () => clearInterval(timer);
}
