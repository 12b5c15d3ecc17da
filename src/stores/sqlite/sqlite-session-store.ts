import type { SessionStore } from '../session-store.ts';
import type { Connection } from './connection.ts';

/** Sessions in the database. */
export function createSqliteSessionStore(connection: Connection): SessionStore {
  return {
    create: (session, now) => connection.call('sessions.create', session, now),
    use: (id, idle, now) => connection.call('sessions.use', id, idle, now),
    end: (id) => connection.call('sessions.end', id),
    endAll: (subject) => connection.call('sessions.endAll', subject),
  };
}
