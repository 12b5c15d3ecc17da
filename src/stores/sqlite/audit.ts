import type { DatabaseSync } from 'node:sqlite';
import type { AuditEvent, AuditFilter, StoredAuditEvent } from '../audit-store.ts';
import { where } from './where.ts';

/** `AuditStore.append` in SQL. */
export function appendAuditEvent(database: DatabaseSync, event: AuditEvent, keep: number): void {
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO audit (type, at, actor, subject, client_id, address, grant_id, detail)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      event.type,
      event.at,
      event.actor ?? null,
      event.subject ?? null,
      event.clientId ?? null,
      event.address ?? null,
      event.grantId ?? null,
      event.detail ?? null,
    );
  database.prepare('DELETE FROM audit WHERE id <= ?').run(Number(lastInsertRowid) - keep);
}

/** `AuditStore.query` in SQL. */
export function queryAudit(
  database: DatabaseSync,
  filter: AuditFilter,
  { limit, after }: { readonly limit: number; readonly after?: number },
): StoredAuditEvent[] {
  const { sql, values } = where({
    'id < ?': after,
    'type = ?': filter.type,
    'actor = ?': filter.actor,
    'subject = ?': filter.subject,
    'client_id = ?': filter.clientId,
    'at >= ?': filter.since,
    'at < ?': filter.until,
  });
  const rows = database
    .prepare(
      `SELECT id, type, at, actor, subject, client_id AS clientId, address, grant_id AS grantId, detail
       FROM audit ${sql} ORDER BY id DESC LIMIT ?`,
    )
    .all(...values, limit);
  return rows.map(toEvent);
}

/** `AuditStore.forgetBefore` in SQL. */
export function forgetAuditBefore(database: DatabaseSync, time: number): void {
  database.prepare('DELETE FROM audit WHERE at < ?').run(time);
}

/** What an event does not say is absent from it. */
const toEvent = (row: object): StoredAuditEvent =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as StoredAuditEvent;
