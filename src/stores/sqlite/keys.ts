import type { DatabaseSync } from 'node:sqlite';
import type { SigningAlgorithm, StoredKey, StoredSecretValue } from '../key-store.ts';
import { resealSecret } from './secrets.ts';

interface Row {
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  readonly private_key: string;
  readonly created_at: number;
  readonly active_from: number;
  readonly removed_from: number | null;
}

/** `KeyStore.list` in SQL. */
export function listKeys(database: DatabaseSync): StoredKey[] {
  const rows = database.prepare('SELECT * FROM signing_keys ORDER BY active_from, created_at, rowid').all();
  return (rows as unknown as Row[]).map(toKey);
}

/** `KeyStore.createFirst` in SQL. */
export function createFirstKey(database: DatabaseSync, candidate: StoredKey): StoredKey {
  const present = database
    .prepare(
      `SELECT * FROM signing_keys WHERE algorithm = ?
       ORDER BY removed_from IS NOT NULL, active_from, created_at, rowid LIMIT 1`,
    )
    .get(candidate.algorithm);
  if (present !== undefined) return toKey(present as unknown as Row);
  insertKey(database, candidate);
  return candidate;
}

/** `KeyStore.rotate` in SQL. */
export function rotateKey(database: DatabaseSync, key: StoredKey, removedFrom: number, now: number): boolean {
  const waiting = database
    .prepare('SELECT 1 FROM signing_keys WHERE algorithm = ? AND active_from > ?')
    .get(key.algorithm, now);
  if (waiting !== undefined) return false;
  database
    .prepare('UPDATE signing_keys SET removed_from = min(coalesce(removed_from, ?1), ?1) WHERE algorithm = ?2')
    .run(removedFrom, key.algorithm);
  insertKey(database, key);
  return true;
}

/** `KeyStore.drop` in SQL. */
export function dropKey(database: DatabaseSync, id: string, replacement: StoredKey): boolean {
  const keys = listKeys(database);
  const dropped = keys.find((key) => key.id === id);
  if (dropped === undefined) return false;
  const signing = keys.findLast(
    ({ algorithm, activeFrom }) => algorithm === replacement.algorithm && activeFrom <= replacement.activeFrom,
  );
  database.prepare('DELETE FROM signing_keys WHERE id = ?').run(id);
  if (signing === undefined || signing === dropped) {
    // What waited to take over from the dropped one takes over from its replacement.
    insertKey(database, signing === undefined ? replacement : { ...replacement, removedFrom: signing.removedFrom });
  } else if (dropped.algorithm === signing.algorithm && dropped.activeFrom > replacement.activeFrom) {
    database.prepare('UPDATE signing_keys SET removed_from = NULL WHERE id = ?').run(signing.id);
  }
  return true;
}

/** `KeyStore.forgetRemoved` in SQL. */
export function forgetRemovedKeys(database: DatabaseSync, now: number): void {
  database.prepare('DELETE FROM signing_keys WHERE removed_from <= ?').run(now);
}

/** `KeyStore.reseal` in SQL. */
export function resealKeys(
  database: DatabaseSync,
  keys: readonly Pick<StoredKey, 'id' | 'privateKey'>[],
  secrets: readonly StoredSecretValue[],
): void {
  const update = database.prepare('UPDATE signing_keys SET private_key = ? WHERE id = ?');
  for (const { id, privateKey } of keys) update.run(privateKey, id);
  for (const secret of secrets) resealSecret(database, secret);
}

function insertKey(database: DatabaseSync, key: StoredKey): void {
  database
    .prepare(
      `INSERT INTO signing_keys (id, algorithm, private_key, created_at, active_from, removed_from)
       VALUES (?, ?, ?, ?, ?, ?)`,
    )
    .run(key.id, key.algorithm, key.privateKey, key.createdAt, key.activeFrom, key.removedFrom ?? null);
}

const toKey = (row: Row): StoredKey => ({
  id: row.id,
  algorithm: row.algorithm,
  privateKey: row.private_key,
  createdAt: row.created_at,
  activeFrom: row.active_from,
  removedFrom: row.removed_from ?? undefined,
});
