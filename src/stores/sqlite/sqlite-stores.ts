import { resolve } from 'node:path';
import type { Stores } from '../stores.ts';
import { openConnection } from './connection.ts';
import { createSqliteKeyStore } from './sqlite-key-store.ts';
import { createSqliteRevocationStore } from './sqlite-revocation-store.ts';

/**
 * Stores in one SQLite file that this process has for itself. What a verb has acknowledged survives `kill -9` and a
 * power cut.
 *
 * @throws StoreError with one message for the operator.
 */
export async function openSqliteStores(options: { readonly file: string }): Promise<Stores> {
  const connection = await openConnection(resolve(options.file));
  return {
    keys: createSqliteKeyStore(connection),
    revocations: createSqliteRevocationStore(connection),
    close: () => connection.close(),
  };
}
