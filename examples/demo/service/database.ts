import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const BUSY_MS = 5_000;
const SQLITE_BUSY = 5;

/**
 * Opens a SQLite file that several processes may share. The first one to come runs the steps (tables, seed, later
 * changes to them) that the file has not seen yet, in one transaction; the others wait for it. Steps are only ever
 * appended: files out there have run the others. Throws an error fit for the operator when the file cannot be used.
 */
export function openDatabase(file: string, ...steps: readonly ((db: DatabaseSync) => void)[]): DatabaseSync {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const db = new DatabaseSync(file, { timeout: BUSY_MS });
    try {
      retryWhileBusy(() => db.exec('PRAGMA journal_mode = WAL'));
      db.exec('PRAGMA synchronous = NORMAL');
      inTransaction(db, () => bringUpToDate(db, steps));
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (cause) {
    throw new Error(`cannot use the database ${file}: ${(cause as Error).message}`, { cause });
  }
}

/** Runs `work` while holding the write lock: all of it happens, or (when it throws) nothing. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Whether an error says that another process kept the lock for too long. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}

function bringUpToDate(db: DatabaseSync, steps: readonly ((db: DatabaseSync) => void)[]): void {
  const version = Number(db.prepare('PRAGMA user_version').get()!.user_version);
  if (version > steps.length) throw new Error(`it was made by a newer release (schema ${version})`);
  for (const step of steps.slice(version)) step(db);
  db.exec(`PRAGMA user_version = ${steps.length}`);
}

/** SQLite does not apply its busy time-out to the switch to WAL, and processes that start together race for it. */
function retryWhileBusy(work: () => void): void {
  const deadline = Date.now() + BUSY_MS;
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
