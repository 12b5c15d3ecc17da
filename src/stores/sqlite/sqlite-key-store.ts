import type { KeyStore } from '../key-store.ts';
import type { Connection } from './connection.ts';

/** Signing keys and secrets in the database. */
export function createSqliteKeyStore(connection: Connection): KeyStore {
  return {
    list: () => connection.call('keys.list'),
    createFirst: (candidate) => connection.call('keys.createFirst', candidate),
    rotate: (key, removedFrom, now) => connection.call('keys.rotate', key, removedFrom, now),
    drop: (id, replacement) => connection.call('keys.drop', id, replacement),
    forgetRemoved: (now) => connection.call('keys.forgetRemoved', now),
    reseal: (keys, secrets) => connection.call('keys.reseal', keys, secrets),
    listSecrets: () => connection.call('keys.listSecrets'),
    createFirstSecret: (candidate) => connection.call('keys.createFirstSecret', candidate),
  };
}
