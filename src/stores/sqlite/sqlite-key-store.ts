import type { KeyStore } from '../key-store.ts';
import type { Connection } from './connection.ts';

/** Signing keys in the database. */
export function createSqliteKeyStore(connection: Connection): KeyStore {
  return {
    list: () => connection.call('keys.list'),
    createFirst: (candidate) => connection.call('keys.createFirst', candidate),
  };
}
