import type { DatabaseSync } from 'node:sqlite';
import { rotateSecrets, type StoredClient, type StoredSecret } from '../client-store.ts';

interface Row {
  readonly id: string;
  readonly disabled: number;
  readonly secrets: string;
  readonly created_at: number;
  /** Everything else of the client: nothing in the database depends on it. */
  readonly settings: string;
}

/** `ClientStore.add` in SQL. */
export function addClient(database: DatabaseSync, client: StoredClient): boolean {
  const { id, disabled, secrets, createdAt, ...settings } = client;
  const { changes } = database
    .prepare(
      `INSERT INTO clients (id, disabled, secrets, created_at, settings) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    )
    .run(id, Number(disabled), JSON.stringify(secrets), createdAt, JSON.stringify(settings));
  if (changes === 0) return false;
  const insertOrigin = database.prepare('INSERT OR IGNORE INTO client_origins (origin, client_id) VALUES (?, ?)');
  for (const origin of client.origins) insertOrigin.run(origin, id);
  return true;
}

/** `ClientStore.find` in SQL. */
export function findClient(database: DatabaseSync, id: string): StoredClient | undefined {
  const row = database.prepare('SELECT * FROM clients WHERE id = ?').get(id);
  return row && toClient(row as unknown as Row);
}

/** `ClientStore.list` in SQL. */
export function listClients(database: DatabaseSync): StoredClient[] {
  const rows = database.prepare('SELECT * FROM clients ORDER BY id').all();
  return (rows as unknown as Row[]).map(toClient);
}

/** `ClientStore.rotateSecret` in SQL. */
export function rotateClientSecret(
  database: DatabaseSync,
  id: string,
  hash: string,
  overlapUntil: number,
  now: number,
): StoredClient | undefined {
  const client = findClient(database, id);
  if (client === undefined) return undefined;
  const secrets = rotateSecrets(client.secrets, hash, overlapUntil, now);
  database.prepare('UPDATE clients SET secrets = ? WHERE id = ?').run(JSON.stringify(secrets), id);
  return { ...client, secrets };
}

/** `ClientStore.setDisabled` in SQL. */
export function setClientDisabled(database: DatabaseSync, id: string, disabled: boolean): StoredClient | undefined {
  database.prepare('UPDATE clients SET disabled = ? WHERE id = ?').run(Number(disabled), id);
  return findClient(database, id);
}

/** `ClientStore.hasOrigin` in SQL. */
export function hasClientOrigin(database: DatabaseSync, origin: string): boolean {
  const found = database
    .prepare(
      `SELECT 1 FROM client_origins JOIN clients ON clients.id = client_origins.client_id
       WHERE origin = ? AND disabled = 0 LIMIT 1`,
    )
    .get(origin);
  return found !== undefined;
}

const toClient = (row: Row): StoredClient => ({
  ...(JSON.parse(row.settings) as Omit<StoredClient, 'id' | 'disabled' | 'secrets' | 'createdAt'>),
  id: row.id,
  disabled: row.disabled !== 0,
  secrets: (JSON.parse(row.secrets) as StoredSecret[]).map(toSecret),
  createdAt: row.created_at,
});

/** JSON leaves out what is undefined. */
const toSecret = ({ hash, createdAt, expiresAt }: StoredSecret): StoredSecret => ({ hash, createdAt, expiresAt });
