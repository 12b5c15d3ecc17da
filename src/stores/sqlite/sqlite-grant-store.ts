import type { GrantStore } from '../grant-store.ts';
import type { Connection } from './connection.ts';

/** Grants, codes and refresh tokens in the database. */
export function createSqliteGrantStore(connection: Connection): GrantStore {
  return {
    create: (grant, code, now) => connection.call('grants.create', grant, code, now),
    consumeCode: (id, clientId, now) => connection.call('grants.consumeCode', id, clientId, now),
    addRefresh: (token, now) => connection.call('grants.addRefresh', token, now),
    rotateRefresh: (id, clientId, successor, grace, now) =>
      connection.call('grants.rotateRefresh', id, clientId, successor, grace, now),
    findByRefresh: (id, now) => connection.call('grants.findByRefresh', id, now),
    find: (id, now) => connection.call('grants.find', id, now),
    revoke: (id, now) => connection.call('grants.revoke', id, now),
    revokeAll: (filter, now) => connection.call('grants.revokeAll', filter, now),
    list: (filter, page, now) => connection.call('grants.list', filter, page, now),
  };
}
