import type { AuditStore } from '../audit-store.ts';
import type { Connection } from './connection.ts';

/** The audit in the database. */
export function createSqliteAuditStore(connection: Connection): AuditStore {
  return {
    append: (event, keep) => connection.call('audit.append', event, keep),
    query: (filter, page) => connection.call('audit.query', filter, page),
    forgetBefore: (time) => connection.call('audit.forgetBefore', time),
  };
}
