import type { DatabaseSync } from 'node:sqlite';
import { where } from './where.ts';

/** `ConsentStore.find` in SQL. */
export function findConsent(database: DatabaseSync, subject: string, clientId: string, now: number): string[] {
  const row = database
    .prepare('SELECT scopes FROM consents WHERE subject = ? AND client_id = ? AND expires_at > ?')
    .get(subject, clientId, now);
  return row === undefined ? [] : (JSON.parse(String(row.scopes)) as string[]);
}

/** `ConsentStore.add` in SQL. */
export function addConsent(
  database: DatabaseSync,
  subject: string,
  clientId: string,
  added: readonly string[],
  expiresAt: number,
  now: number,
): void {
  database.prepare('DELETE FROM consents WHERE expires_at <= ?').run(now);
  const scopes = [...new Set([...findConsent(database, subject, clientId, now), ...added])];
  database
    .prepare('INSERT OR REPLACE INTO consents (subject, client_id, scopes, expires_at) VALUES (?, ?, ?, ?)')
    .run(subject, clientId, JSON.stringify(scopes), expiresAt);
}

/** `ConsentStore.withdraw` in SQL. */
export function withdrawConsent(
  database: DatabaseSync,
  { subject, clientId }: { readonly subject?: string; readonly clientId?: string },
): void {
  const { sql, values } = where({ 'subject = ?': subject, 'client_id = ?': clientId });
  database.prepare(`DELETE FROM consents ${sql}`).run(...values);
}
