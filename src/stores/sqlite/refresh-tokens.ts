import type { DatabaseSync } from 'node:sqlite';
import type { FoundByRefresh, RotatedRefresh, StoredGrant, StoredRefreshToken } from '../grant-store.ts';
import { findLiveGrant, markRevoked } from './grants.ts';

interface Row {
  readonly id: string;
  readonly grant_id: string;
  readonly expires_at: number;
  readonly spent_at: number | null;
  readonly successor: string | null;
  readonly kept_until: number;
}

/** `GrantStore.addRefresh` in SQL. */
export function addRefreshToken(database: DatabaseSync, token: StoredRefreshToken, now: number): boolean {
  const grant = findLiveGrant(database, token.grantId, now);
  if (grant === undefined) return false;
  insertToken(database, token, grant, now);
  return true;
}

/** `GrantStore.rotateRefresh` in SQL. */
export function rotateRefreshToken(
  database: DatabaseSync,
  id: string,
  clientId: string,
  given: Pick<StoredRefreshToken, 'id' | 'expiresAt'>,
  grace: number,
  now: number,
): RotatedRefresh {
  const row = findRow(database, id);
  const grant = row && findLiveGrant(database, row.grant_id, now);
  if (row === undefined || grant?.clientId !== clientId) return { outcome: 'missing' };
  if (row.spent_at !== null && row.successor !== null) {
    const successor = findUsable(database, row.successor, now);
    if (successor !== undefined && now < row.spent_at + grace) return { outcome: 'grace', grant, successor };
    return { outcome: 'reused', grant: markRevoked(database, grant, now) };
  }
  if (row.expires_at <= now) return { outcome: 'missing' };
  database
    .prepare('UPDATE refresh_tokens SET spent_at = ?, successor = ?, kept_until = ? WHERE id = ?')
    .run(now, given.id, grant.expiresAt, id);
  const successor = insertToken(database, { ...given, grantId: grant.id }, grant, now);
  return { outcome: 'ok', grant, successor };
}

/** `GrantStore.findByRefresh` in SQL. */
export function findGrantByRefresh(database: DatabaseSync, id: string, now: number): FoundByRefresh | undefined {
  const row = findRow(database, id);
  const grant = row && findLiveGrant(database, row.grant_id, now);
  if (row === undefined || grant === undefined || row.kept_until <= now) return undefined;
  return { grant, token: findUsable(database, id, now) };
}

function insertToken(
  database: DatabaseSync,
  { id, grantId, expiresAt }: StoredRefreshToken,
  grant: StoredGrant,
  now: number,
): StoredRefreshToken {
  const token = { id, grantId, expiresAt: Math.min(expiresAt, grant.expiresAt) };
  database.prepare('DELETE FROM refresh_tokens WHERE kept_until <= ?').run(now);
  database
    .prepare('INSERT INTO refresh_tokens (id, grant_id, expires_at, kept_until) VALUES (?1, ?2, ?3, ?3)')
    .run(id, grantId, token.expiresAt);
  return token;
}

const findRow = (database: DatabaseSync, id: string): Row | undefined =>
  database.prepare('SELECT * FROM refresh_tokens WHERE id = ?').get(id) as Row | undefined;

/** A token that is neither used nor over. */
function findUsable(database: DatabaseSync, id: string, now: number): StoredRefreshToken | undefined {
  const row = findRow(database, id);
  if (row === undefined || row.spent_at !== null || row.expires_at <= now) return undefined;
  return { id: row.id, grantId: row.grant_id, expiresAt: row.expires_at };
}
