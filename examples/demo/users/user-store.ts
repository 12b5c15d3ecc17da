import type { DatabaseSync } from 'node:sqlite';
import type { User, UserStatus } from './user.ts';

const COLUMNS = 'sub, username, displayName, email, roles, status, createdAt';

/** A user as stored: the roles are a JSON array. */
interface UserRow extends Omit<User, 'roles'> {
  readonly roles: string;
}

/** Creates the empty table. Names that differ only in case are the same name. */
export function createUsers(db: DatabaseSync): void {
  db.exec(`CREATE TABLE users (
    sub TEXT PRIMARY KEY,
    username TEXT NOT NULL UNIQUE COLLATE NOCASE,
    displayName TEXT NOT NULL,
    email TEXT NOT NULL,
    roles TEXT NOT NULL,
    status TEXT NOT NULL,
    createdAt TEXT NOT NULL,
    passwordHash TEXT NOT NULL
  ) STRICT, WITHOUT ROWID`);
}

/** The users in a SQLite file; its statements are prepared once. */
export class UserStore {
  readonly #find;
  readonly #findByName;
  readonly #add;
  readonly #setRoles;
  readonly #setStatus;

  constructor(db: DatabaseSync) {
    this.#find = db.prepare(`SELECT ${COLUMNS} FROM users WHERE sub = ?`);
    this.#findByName = db.prepare(`SELECT ${COLUMNS}, passwordHash FROM users WHERE username = ?`);
    this.#add = db.prepare(
      `INSERT INTO users (${COLUMNS}, passwordHash)
       VALUES ($sub, $username, $displayName, $email, $roles, $status, $createdAt, $passwordHash)
       ON CONFLICT (username) DO NOTHING`,
    );
    this.#setRoles = db.prepare(`UPDATE users SET roles = ? WHERE sub = ? RETURNING ${COLUMNS}`);
    this.#setStatus = db.prepare(`UPDATE users SET status = ? WHERE sub = ? RETURNING ${COLUMNS}`);
  }

  find(sub: string): User | undefined {
    return readUser(this.#find.get(sub));
  }

  findByName(username: string): { user: User; passwordHash: string } | undefined {
    const row = this.#findByName.get(username);
    if (!row) return undefined;
    const { passwordHash, ...user } = row;
    return { user: readUser(user)!, passwordHash: String(passwordHash) };
  }

  /** Adds a user; false, and nothing done, when the name is taken. */
  add(user: User, passwordHash: string): boolean {
    return this.#add.run({ ...user, roles: JSON.stringify(user.roles), passwordHash }).changes === 1;
  }

  /** The user as it now is, if there is one. */
  setRoles(sub: string, roles: readonly string[]): User | undefined {
    return readUser(this.#setRoles.get(JSON.stringify(roles), sub));
  }

  /** The user as it now is, if there is one. */
  setStatus(sub: string, status: UserStatus): User | undefined {
    return readUser(this.#setStatus.get(status, sub));
  }
}

function readUser(row: unknown): User | undefined {
  const stored = row as UserRow | undefined;
  return stored && { ...stored, roles: JSON.parse(stored.roles) as string[] };
}
