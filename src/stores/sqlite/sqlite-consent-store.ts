import type { ConsentStore } from '../consent-store.ts';
import type { Connection } from './connection.ts';

/** Consents in the database. */
export function createSqliteConsentStore(connection: Connection): ConsentStore {
  return {
    find: (subject, clientId, now) => connection.call('consents.find', subject, clientId, now),
    add: (subject, clientId, scopes, expiresAt, now) =>
      connection.call('consents.add', subject, clientId, scopes, expiresAt, now),
    withdraw: (whose) => connection.call('consents.withdraw', whose),
  };
}
