import type { DatabaseSync } from 'node:sqlite';
import { type GrantFilter, grantLingers, type Page, type StoredGrant } from '../grant-store.ts';
import { where } from './where.ts';

interface Row {
  readonly id: string;
  readonly subject: string;
  readonly client_id: string;
  readonly scopes: string;
  readonly audience: string;
  readonly session: string | null;
  readonly auth_time: number;
  readonly created_at: number;
  readonly expires_at: number;
  readonly roles: string;
  readonly claims: string;
  readonly revoked_at: number | null;
}

/** Keeps a grant. */
export function insertGrant(database: DatabaseSync, grant: StoredGrant, now: number): void {
  database.prepare('DELETE FROM grants WHERE expires_at <= ?').run(now - grantLingers);
  database
    .prepare(
      `INSERT INTO grants (id, subject, client_id, scopes, audience, session, auth_time, created_at, expires_at, roles,
         claims, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      grant.id,
      grant.subject,
      grant.clientId,
      JSON.stringify(grant.scopes),
      grant.audience,
      grant.session ?? null,
      grant.authTime,
      grant.createdAt,
      grant.expiresAt,
      JSON.stringify(grant.roles),
      JSON.stringify(grant.claims),
      grant.revokedAt ?? null,
    );
}

/** `GrantStore.find` in SQL. */
export function findGrant(database: DatabaseSync, id: string, now: number): StoredGrant | undefined {
  const row = database.prepare('SELECT * FROM grants WHERE id = ? AND expires_at > ?').get(id, now);
  return row && toGrant(row as unknown as Row);
}

/** A grant that is neither over nor revoked. */
export function findLiveGrant(database: DatabaseSync, id: string, now: number): StoredGrant | undefined {
  const grant = findGrant(database, id, now);
  return grant?.revokedAt === undefined ? grant : undefined;
}

/** `GrantStore.revoke` in SQL. */
export function revokeGrant(database: DatabaseSync, id: string, now: number): boolean {
  const { changes } = database
    .prepare('UPDATE grants SET revoked_at = ?1 WHERE id = ?2 AND expires_at > ?1 AND revoked_at IS NULL')
    .run(now, id);
  return changes > 0;
}

/** Revokes a grant that may be revoked already, and gives it as it is then. */
export function markRevoked(database: DatabaseSync, grant: StoredGrant, now: number): StoredGrant {
  return revokeGrant(database, grant.id, now) ? { ...grant, revokedAt: now } : grant;
}

/** `GrantStore.revokeAll` in SQL. */
export function revokeAllGrants(database: DatabaseSync, filter: GrantFilter, now: number): StoredGrant[] {
  const { sql, values } = where(fitting(filter, now));
  const rows = database
    .prepare(`SELECT * FROM grants ${sql} AND revoked_at IS NULL ORDER BY created_at DESC, id DESC`)
    .all(...values);
  return (rows as unknown as Row[]).map((row) => markRevoked(database, toGrant(row), now));
}

/** `GrantStore.list` in SQL. */
export function listGrants(
  database: DatabaseSync,
  filter: GrantFilter,
  { limit, after }: Page,
  now: number,
): StoredGrant[] {
  const { sql, values } = where({
    ...fitting(filter, now),
    '(created_at, id) < (SELECT created_at, id FROM grants WHERE id = ?)': after,
  });
  const rows = database
    .prepare(`SELECT * FROM grants ${sql} AND revoked_at IS NULL ORDER BY created_at DESC, id DESC LIMIT ?`)
    .all(...values, limit);
  return (rows as unknown as Row[]).map(toGrant);
}

const fitting = ({ subject, clientId, session }: GrantFilter, now: number) => ({
  'expires_at > ?': now,
  'subject = ?': subject,
  'client_id = ?': clientId,
  'session = ?': session,
});

const toGrant = (row: Row): StoredGrant => ({
  id: row.id,
  subject: row.subject,
  clientId: row.client_id,
  scopes: JSON.parse(row.scopes) as string[],
  audience: row.audience,
  session: row.session ?? undefined,
  authTime: row.auth_time,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  roles: JSON.parse(row.roles) as string[],
  claims: JSON.parse(row.claims) as Record<string, unknown>,
  revokedAt: row.revoked_at ?? undefined,
});
