import type { RevocationStore } from '../revocation-store.ts';
import type { Connection } from './connection.ts';

/** Revocations in the database. */
export function createSqliteRevocationStore(connection: Connection): RevocationStore {
  return {
    append: (revocation, until, now) => connection.call('revocations.append', revocation, until, now),
    live: (now) => connection.call('revocations.live', now),
  };
}
