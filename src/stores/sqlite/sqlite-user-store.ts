import type { UserStore } from '../user-store.ts';
import type { Connection } from './connection.ts';

/** Users in the database. */
export function createSqliteUserStore(connection: Connection): UserStore {
  return {
    add: (user) => connection.call('users.add', user),
    findByUsername: (username) => connection.call('users.findByUsername', username),
    find: (id) => connection.call('users.find', id),
    list: (page) => connection.call('users.list', page),
    change: (id, change) => connection.call('users.change', id, change),
    replaceHash: (id, from, to) => connection.call('users.replaceHash', id, from, to),
  };
}
