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

/**
 * Adds the e-mail to sign in with, one user each whatever its case. Of users who had the same before, only the first
 * one has it; the others go on with their usernames.
 */
export function addSignInEmails(db: DatabaseSync): void {
  db.exec(`
    ALTER TABLE users ADD COLUMN signInEmail TEXT COLLATE NOCASE;
    UPDATE users SET signInEmail = email WHERE sub = (
      SELECT first.sub FROM users AS first WHERE first.email = users.email COLLATE NOCASE
      ORDER BY first.createdAt, first.sub LIMIT 1
    );
    CREATE UNIQUE INDEX signInEmails ON users (signInEmail)`);
}

/** Which of what identifies a user is another one's already. */
export type Taken = 'username' | 'email';

/** The users in a SQLite file; its statements are prepared once. */
export class UserStore {
  readonly #find;
  readonly #findByName;
  readonly #findByEmail;
  readonly #add;
  readonly #setRoles;
  readonly #setStatus;

  constructor(db: DatabaseSync) {
    this.#find = db.prepare(`SELECT ${COLUMNS} FROM users WHERE sub = ?`);
    this.#findByName = db.prepare(`SELECT ${COLUMNS}, passwordHash FROM users WHERE username = ?`);
    this.#findByEmail = db.prepare(`SELECT ${COLUMNS}, passwordHash FROM users WHERE signInEmail = ?`);
    this.#add = db.prepare(
      `INSERT INTO users (${COLUMNS}, passwordHash, signInEmail)
       VALUES ($sub, $username, $displayName, $email, $roles, $status, $createdAt, $passwordHash, $email)
       ON CONFLICT DO NOTHING`,
    );
    this.#setRoles = db.prepare(`UPDATE users SET roles = ? WHERE sub = ? RETURNING ${COLUMNS}`);
    this.#setStatus = db.prepare(`UPDATE users SET status = ? WHERE sub = ? RETURNING ${COLUMNS}`);
  }

  find(sub: string): User | undefined {
    return readUser(this.#find.get(sub));
  }

  /** By username or e-mail: no username has an @. */
  findBySignIn(name: string): { user: User; passwordHash: string } | undefined {
    const row = (name.includes('@') ? this.#findByEmail : this.#findByName).get(name);
    if (!row) return undefined;
    const { passwordHash, ...user } = row;
    return { user: readUser(user)!, passwordHash: String(passwordHash) };
  }

  /** What keeps a user of this username and e-mail from being added, if anything does. */
  findTaken({ username, email }: Pick<User, 'username' | 'email'>): Taken | undefined {
    if (this.#findByName.get(username)) return 'username';
    return this.#findByEmail.get(email) ? 'email' : undefined;
  }

  /** Adds a user. When username or e-mail is taken, nothing is done and that is returned. */
  add(user: User, passwordHash: string): Taken | undefined {
    const { changes } = this.#add.run({ ...user, roles: JSON.stringify(user.roles), passwordHash });
    return changes === 1 ? undefined : this.findTaken(user);
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
