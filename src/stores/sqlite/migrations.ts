import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store-error.ts';
import { migrations } from './schema.ts';

/** "GRTA": says in the file's header whose database it is. */
const applicationId = 0x47525441;

/**
 * Brings the schema up to date, in one transaction.
 *
 * @throws StoreError when a newer Garita or another program made the database.
 */
export function migrate(database: DatabaseSync, file: string): void {
  const version = readPragma(database, 'user_version');
  const owner = readPragma(database, 'application_id');
  if (owner !== applicationId && (owner !== 0 || version !== 0 || hasTables(database))) {
    throw new StoreError(
      `The database ${file} belongs to another program. Choose another file for the store; this one was not changed.`,
    );
  }
  if (version > migrations.length) {
    throw new StoreError(
      `The database ${file} has schema version ${version}, made by a newer Garita; this one knows ${migrations.length}. ` +
        'Start that newer Garita, or restore the backup from before it; the file was not changed.',
    );
  }
  if (version === migrations.length) return;
  database.exec('BEGIN IMMEDIATE');
  for (const migration of migrations.slice(version)) database.exec(migration);
  database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}; COMMIT`);
}

function readPragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function hasTables(database: DatabaseSync): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined;
}
