import type { AuditFilter, AuditStore, StoredAuditEvent } from '../audit-store.ts';

/** An audit that ends with the process. */
export function createMemoryAuditStore(): AuditStore {
  const events = new Map<number, StoredAuditEvent>();
  let last = 0;
  return {
    async append(event, keep) {
      last += 1;
      events.set(last, { ...event, id: last });
      for (const id of events.keys()) {
        if (id > last - keep) break;
        events.delete(id);
      }
    },
    async query(filter, { limit, after = Number.POSITIVE_INFINITY }) {
      return [...events.values()]
        .reverse()
        .filter((event) => event.id < after && fits(event, filter))
        .slice(0, limit);
    },
    async forgetBefore(time) {
      for (const { id, at } of events.values()) if (at < time) events.delete(id);
    },
  };
}

const fits = (event: StoredAuditEvent, filter: AuditFilter): boolean =>
  (filter.type === undefined || event.type === filter.type) &&
  (filter.actor === undefined || event.actor === filter.actor) &&
  (filter.subject === undefined || event.subject === filter.subject) &&
  (filter.clientId === undefined || event.clientId === filter.clientId) &&
  (filter.since === undefined || event.at >= filter.since) &&
  (filter.until === undefined || event.at < filter.until);
