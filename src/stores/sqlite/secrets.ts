import type { DatabaseSync } from 'node:sqlite';
import type { StoredSecretValue } from '../key-store.ts';

/** `KeyStore.listSecrets` in SQL. */
export function listSecrets(database: DatabaseSync): StoredSecretValue[] {
  const rows = database.prepare('SELECT * FROM secrets ORDER BY name').all();
  return (rows as unknown as StoredSecretValue[]).map(({ name, value }) => ({ name, value }));
}

/** `KeyStore.createFirstSecret` in SQL. */
export function createFirstSecret(database: DatabaseSync, { name, value }: StoredSecretValue): StoredSecretValue {
  const present = database.prepare('SELECT value FROM secrets WHERE name = ?').get(name);
  if (present !== undefined) return { name, value: String(present.value) };
  database.prepare('INSERT INTO secrets (name, value) VALUES (?, ?)').run(name, value);
  return { name, value };
}

/** Puts another form of a secret in place of the present one. */
export function resealSecret(database: DatabaseSync, { name, value }: StoredSecretValue): void {
  database.prepare('UPDATE secrets SET value = ? WHERE name = ?').run(value, name);
}
