import type { DatabaseSync } from 'node:sqlite';
import type { Answer, CallMessage } from './messages.ts';
import { verbs } from './verbs.ts';

/**
 * Runs calls in one transaction, so that they share one wait for the disk. The answers may be given away only because
 * the commit is behind them. A call that fails takes back its own changes and nobody else's.
 */
export function runGroup(database: DatabaseSync, calls: readonly CallMessage[]): Answer[] {
  try {
    database.exec('BEGIN IMMEDIATE');
    const answers = calls.map((call) => run(database, call));
    database.exec('COMMIT');
    // Otherwise the file would go on having what lay open in it, until enough else has changed.
    if (calls.some(({ verb }) => verb === 'keys.reseal')) database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return answers;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    return calls.map(({ id }) => ({ id, error: messageOf(error) }));
  }
}

function run(database: DatabaseSync, { id, verb, input }: CallMessage): Answer {
  database.exec('SAVEPOINT call');
  try {
    const execute = verbs[verb] as (database: DatabaseSync, ...input: readonly unknown[]) => unknown;
    const value = execute(database, ...input);
    database.exec('RELEASE call');
    return { id, value };
  } catch (error) {
    // A full disk ends the whole transaction: then every call of the group has failed.
    if (!database.isTransaction) throw error;
    database.exec('ROLLBACK TO call; RELEASE call');
    return { id, error: messageOf(error) };
  }
}

const messageOf = (error: unknown): string => (Error.isError(error) ? error.message : String(error));
