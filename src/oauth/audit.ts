import type { AuditEvent, AuditStore } from '../stores/audit-store.ts';

/** What {@link createAudit} needs. */
export interface AuditOptions {
  readonly store: AuditStore;
  /** How many events are kept. */
  readonly keep: number;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
}

/** Remembers who did or tried what, so that it can be looked up later. */
export interface Audit {
  /** Resolves when the event is durable; rejects with a StoreError. */
  record(event: Omit<AuditEvent, 'at'>): Promise<void>;
}

/** Texts longer than this are cut: callers choose some of them. */
const longestText = 300;

/** The audit over a store. */
export function createAudit({ store, keep, clock }: AuditOptions): Audit {
  return {
    record(event) {
      const texts = Object.entries(event).map(([name, value]) => [name, value?.slice(0, longestText)]);
      return store.append({ ...(Object.fromEntries(texts) as typeof event), at: clock() }, keep);
    },
  };
}
