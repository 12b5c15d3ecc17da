import type { DatabaseSync } from 'node:sqlite';
import type { StoredSession } from '../session-store.ts';

interface Row {
  readonly id: string;
  readonly visit: string;
  readonly subject: string;
  readonly roles: string;
  readonly claims: string;
  readonly auth_time: number;
  readonly idle_until: number;
  readonly expires_at: number;
}

/** `SessionStore.create` in SQL. */
export function createSession(database: DatabaseSync, session: StoredSession, now: number): void {
  database.prepare('DELETE FROM sessions WHERE idle_until <= ?').run(now);
  database
    .prepare(
      `INSERT INTO sessions (id, visit, subject, roles, claims, auth_time, idle_until, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      session.id,
      session.visit,
      session.subject,
      JSON.stringify(session.roles),
      JSON.stringify(session.claims),
      session.authTime,
      session.idleUntil,
      session.expiresAt,
    );
}

/** `SessionStore.use` in SQL. */
export function useSession(database: DatabaseSync, id: string, idle: number, now: number): StoredSession | undefined {
  const row = database
    .prepare(
      `UPDATE sessions SET idle_until = min(max(idle_until, ?1), expires_at)
       WHERE id = ?2 AND idle_until > ?3 AND expires_at > ?3 RETURNING *`,
    )
    .get(now + idle, id, now);
  return row && toSession(row as unknown as Row);
}

/** `SessionStore.end` in SQL. */
export function endSession(database: DatabaseSync, id: string): boolean {
  return database.prepare('DELETE FROM sessions WHERE id = ?').run(id).changes > 0;
}

/** `SessionStore.endAll` in SQL. */
export function endAllSessions(database: DatabaseSync, subject?: string): number {
  return Number(database.prepare('DELETE FROM sessions WHERE ?1 IS NULL OR subject = ?1').run(subject ?? null).changes);
}

const toSession = (row: Row): StoredSession => ({
  id: row.id,
  visit: row.visit,
  subject: row.subject,
  roles: JSON.parse(row.roles) as string[],
  claims: JSON.parse(row.claims) as Record<string, unknown>,
  authTime: row.auth_time,
  idleUntil: row.idle_until,
  expiresAt: row.expires_at,
});
