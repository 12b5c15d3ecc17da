import type { DatabaseSync } from 'node:sqlite';
import { type ConsumedCode, type StoredCode, type StoredGrant, spentCodeLives } from '../grant-store.ts';
import { findGrant, insertGrant, markRevoked } from './grants.ts';

interface Row {
  readonly id: string;
  readonly grant_id: string;
  readonly redirect_uri: string | null;
  readonly code_challenge: string | null;
  readonly expires_at: number;
  readonly spent_at: number | null;
  /** Null in a code of an older Garita, whose grant has its end already. */
  readonly grant_ends: number | null;
}

/** `GrantStore.create` in SQL. */
export function createGrant(
  database: DatabaseSync,
  grant: StoredGrant,
  code: StoredCode | undefined,
  now: number,
): void {
  if (code === undefined) return insertGrant(database, grant, now);
  insertGrant(database, { ...grant, expiresAt: Math.min(code.expiresAt, grant.expiresAt) }, now);
  insertCode(database, code, grant.expiresAt, now);
}

/** `GrantStore.consumeCode` in SQL. */
export function consumeCode(database: DatabaseSync, id: string, clientId: string, now: number): ConsumedCode {
  const row = database.prepare('SELECT * FROM codes WHERE id = ?').get(id) as Row | undefined;
  const grant = row && findGrant(database, row.grant_id, now);
  if (row === undefined || grant?.clientId !== clientId) return { outcome: 'missing' };
  if (row.spent_at !== null) {
    return { outcome: 'replayed', grant: markRevoked(database, grant, now), age: now - row.spent_at };
  }
  if (grant.revokedAt !== undefined || row.expires_at <= now) return { outcome: 'missing' };
  const begun = { ...grant, expiresAt: row.grant_ends ?? grant.expiresAt };
  database
    .prepare('UPDATE codes SET spent_at = ?, kept_until = ? WHERE id = ?')
    .run(now, Math.min(now + spentCodeLives, begun.expiresAt), id);
  database.prepare('UPDATE grants SET expires_at = ? WHERE id = ?').run(begun.expiresAt, begun.id);
  return { outcome: 'ok', code: toCode(row), grant: begun };
}

function insertCode(database: DatabaseSync, code: StoredCode, grantEnds: number, now: number): void {
  database.prepare('DELETE FROM codes WHERE kept_until <= ?').run(now);
  database
    .prepare(
      `INSERT INTO codes (id, grant_id, redirect_uri, code_challenge, expires_at, kept_until, grant_ends)
       VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)`,
    )
    .run(code.id, code.grantId, code.redirectUri ?? null, code.codeChallenge ?? null, code.expiresAt, grantEnds);
}

const toCode = (row: Row): StoredCode => ({
  id: row.id,
  grantId: row.grant_id,
  redirectUri: row.redirect_uri ?? undefined,
  codeChallenge: row.code_challenge ?? undefined,
  expiresAt: row.expires_at,
});
