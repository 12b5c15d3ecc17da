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
}

/** `GrantStore.create` in SQL. */
export function createGrant(
  database: DatabaseSync,
  grant: StoredGrant,
  code: StoredCode | undefined,
  now: number,
): void {
  insertGrant(database, grant, now);
  if (code !== undefined) insertCode(database, code, now);
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
  database
    .prepare('UPDATE codes SET spent_at = ?, kept_until = ? WHERE id = ?')
    .run(now, Math.min(now + spentCodeLives, grant.expiresAt), id);
  return { outcome: 'ok', code: toCode(row), grant };
}

function insertCode(database: DatabaseSync, code: StoredCode, now: number): void {
  database.prepare('DELETE FROM codes WHERE kept_until <= ?').run(now);
  database
    .prepare(
      `INSERT INTO codes (id, grant_id, redirect_uri, code_challenge, expires_at, kept_until)
       VALUES (?1, ?2, ?3, ?4, ?5, ?5)`,
    )
    .run(code.id, code.grantId, code.redirectUri ?? null, code.codeChallenge ?? null, code.expiresAt);
}

const toCode = (row: Row): StoredCode => ({
  id: row.id,
  grantId: row.grant_id,
  redirectUri: row.redirect_uri ?? undefined,
  codeChallenge: row.code_challenge ?? undefined,
  expiresAt: row.expires_at,
});
