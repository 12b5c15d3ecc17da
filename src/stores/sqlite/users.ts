import type { DatabaseSync } from 'node:sqlite';
import { foldUsername } from '../fold-username.ts';
import type { Page } from '../grant-store.ts';
import type { StoredUser, UserChange } from '../user-store.ts';
import { where } from './where.ts';

interface Row {
  readonly id: string;
  readonly username: string;
  readonly password_hash: string;
  readonly roles: string;
  readonly attributes: string;
  readonly disabled: number;
  readonly created_at: number;
}

/** `UserStore.add` in SQL. */
export function addUser(database: DatabaseSync, user: StoredUser): boolean {
  const { changes } = database
    .prepare(
      `INSERT INTO users (id, username, folded_username, password_hash, roles, attributes, disabled, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    )
    .run(
      user.id,
      user.username.normalize('NFC'),
      foldUsername(user.username),
      user.passwordHash,
      JSON.stringify(user.roles),
      JSON.stringify(user.attributes),
      Number(user.disabled),
      user.createdAt,
    );
  return changes > 0;
}

/** `UserStore.findByUsername` in SQL. */
export function findUserByUsername(database: DatabaseSync, username: string): StoredUser | undefined {
  const row = database.prepare('SELECT * FROM users WHERE folded_username = ?').get(foldUsername(username));
  return row && toUser(row as unknown as Row);
}

/** `UserStore.find` in SQL. */
export function findUser(database: DatabaseSync, id: string): StoredUser | undefined {
  const row = database.prepare('SELECT * FROM users WHERE id = ?').get(id);
  return row && toUser(row as unknown as Row);
}

/** `UserStore.list` in SQL. */
export function listUsers(database: DatabaseSync, { limit, after }: Page): StoredUser[] {
  const { sql, values } = where({ 'folded_username > ?': after && foldUsername(after) });
  const rows = database.prepare(`SELECT * FROM users ${sql} ORDER BY folded_username LIMIT ?`).all(...values, limit);
  return (rows as unknown as Row[]).map(toUser);
}

/** `UserStore.change` in SQL. */
export function changeUser(database: DatabaseSync, id: string, change: UserChange): StoredUser | undefined {
  const user = findUser(database, id);
  if (user === undefined) return undefined;
  const changed = { ...user, ...change };
  database
    .prepare('UPDATE users SET password_hash = ?, roles = ?, attributes = ?, disabled = ? WHERE id = ?')
    .run(
      changed.passwordHash,
      JSON.stringify(changed.roles),
      JSON.stringify(changed.attributes),
      Number(changed.disabled),
      id,
    );
  return changed;
}

/** `UserStore.replaceHash` in SQL. */
export function replaceUserHash(database: DatabaseSync, id: string, from: string, to: string): boolean {
  const { changes } = database
    .prepare('UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?')
    .run(to, id, from);
  return changes > 0;
}

const toUser = (row: Row): StoredUser => ({
  id: row.id,
  username: row.username,
  passwordHash: row.password_hash,
  roles: JSON.parse(row.roles) as string[],
  attributes: JSON.parse(row.attributes) as Record<string, unknown>,
  disabled: row.disabled !== 0,
  createdAt: row.created_at,
});
