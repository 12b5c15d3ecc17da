import type { ClientStore } from '../client-store.ts';
import type { Connection } from './connection.ts';

/** Clients in the database. */
export function createSqliteClientStore(connection: Connection): ClientStore {
  return {
    add: (client) => connection.call('clients.add', client),
    find: (id) => connection.call('clients.find', id),
    list: () => connection.call('clients.list'),
    rotateSecret: (id, hash, overlapUntil, now) => connection.call('clients.rotateSecret', id, hash, overlapUntil, now),
    setDisabled: (id, disabled) => connection.call('clients.setDisabled', id, disabled),
    hasOrigin: (origin) => connection.call('clients.hasOrigin', origin),
  };
}
