import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store-error.ts';
import { migrate } from './migrations.ts';

/** How long to wait for another process that is just letting go of the file, in milliseconds. */
const busyTimeout = 1_000;

/**
 * Opens the database for this process alone, checks it and brings its schema up to date. Creates file (0600) and
 * folder (0700): private keys are in there.
 *
 * @throws StoreError with one message that names the file, what is wrong and what to do.
 */
export function openDatabase(file: string): DatabaseSync {
  createFile(file);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: busyTimeout });
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    // What is deleted or replaced, private keys above all, is overwritten, and not only forgotten.
    database.exec('PRAGMA secure_delete = ON');
    // Before anything is written: a file that is refused stays as it was.
    refuseCorrupt(database, file);
    migrate(database, file);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    // Takes the lock, for as long as the process lives, also where there was nothing to write.
    database.exec('BEGIN IMMEDIATE; COMMIT');
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof StoreError) throw error;
    // Result codes of SQLite; the low byte of an extended one is its primary code.
    const code = Number((error as { errcode?: number }).errcode) & 0xff;
    throw new StoreError(describe(code, error as Error, file), { cause: error, inUse: busy.has(code) });
  }
}

function createFile(file: string): void {
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
      throw new StoreError(`The database ${file} is a directory. Name a file in it.`);
    }
    createFolder(dirname(file));
    closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(
      `The database ${file} cannot be written (${codeOf(error)}). Give this user write access to the file and its ` +
        'folder, or choose another file for the store.',
      { cause: error },
    );
  }
}

// Node's own recursive way never comes back where the system says "no such folder" of one that is there, as below /proc.
function createFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  createFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

function refuseCorrupt(database: DatabaseSync, file: string): void {
  const finding = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  if (finding !== 'ok') throw new StoreError(damaged(file), { cause: finding });
}

/** SQLITE_BUSY and SQLITE_LOCKED. */
const busy = new Set([5, 6]);

function describe(code: number, error: Error, file: string): string {
  switch (code) {
    case 5:
    case 6:
      return `The database ${file} is in use by another process. Stop the other gateway, or give this one a file of its own.`;
    case 8:
    case 14:
      return `The database ${file} cannot be written. Give this user write access to the file and its folder.`;
    case 11:
    case 26:
      return damaged(file);
    case 13:
      return `The database ${file} cannot grow: the disk is full. Make room and start again.`;
    default:
      return `The database ${file} cannot be opened: ${error.message}.`;
  }
}

const damaged = (file: string): string =>
  `The database ${file} is damaged or not an SQLite database. Restore a backup, or move the file away to start with an ` +
  'empty one; it was not changed.';

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown reason';
