import type { DatabaseSync } from 'node:sqlite';
import { nextPosition, type Revocation, type StoredRevocation } from '../revocation-store.ts';

interface Row {
  readonly position: number;
  readonly level: Revocation['level'];
  readonly id: string;
  readonly until: number;
}

/** `RevocationStore.append` in SQL. */
export function appendRevocation(
  database: DatabaseSync,
  revocation: Revocation,
  until: number,
  now: number,
): StoredRevocation {
  database.prepare('DELETE FROM revocations WHERE until <= ?').run(now);
  // SQLite remembers the highest number it ever gave out here, also of rows that are gone.
  const last = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'revocations'").get()?.seq;
  const position = nextPosition(Number(last ?? 0), now);
  const id = revocation.level === 'everything' ? '' : revocation.id;
  database
    .prepare('INSERT INTO revocations (position, level, id, until) VALUES (?, ?, ?, ?)')
    .run(position, revocation.level, id, until);
  return { ...revocation, position, until };
}

/** `RevocationStore.live` in SQL. */
export function listLiveRevocations(database: DatabaseSync, now: number): StoredRevocation[] {
  const rows = database.prepare('SELECT * FROM revocations WHERE until > ? ORDER BY position').all(now);
  return (rows as unknown as Row[]).map(toRevocation);
}

const toRevocation = ({ level, id, position, until }: Row): StoredRevocation =>
  level === 'everything' ? { level, position, until } : { level, id, position, until };
