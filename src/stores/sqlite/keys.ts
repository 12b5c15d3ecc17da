import type { DatabaseSync } from 'node:sqlite';
import type { SigningAlgorithm, StoredKey } from '../key-store.ts';

interface Row {
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  readonly private_key: string;
  readonly created_at: number;
}

/** `KeyStore.list` in SQL. */
export function listKeys(database: DatabaseSync): StoredKey[] {
  const rows = database.prepare('SELECT * FROM signing_keys ORDER BY created_at, rowid').all();
  return (rows as unknown as Row[]).map(toKey);
}

/** `KeyStore.createFirst` in SQL. */
export function createFirstKey(database: DatabaseSync, candidate: StoredKey): StoredKey {
  const present = database
    .prepare('SELECT * FROM signing_keys WHERE algorithm = ? ORDER BY created_at, rowid LIMIT 1')
    .get(candidate.algorithm);
  if (present !== undefined) return toKey(present as unknown as Row);
  database
    .prepare('INSERT INTO signing_keys (id, algorithm, private_key, created_at) VALUES (?, ?, ?, ?)')
    .run(candidate.id, candidate.algorithm, candidate.privateKey, candidate.createdAt);
  return candidate;
}

const toKey = (row: Row): StoredKey => ({
  id: row.id,
  algorithm: row.algorithm,
  privateKey: row.private_key,
  createdAt: row.created_at,
});
