import { resolve } from 'node:path';
import type { Stores } from '../stores.ts';
import { openConnection } from './connection.ts';
import { createSqliteAuditStore } from './sqlite-audit-store.ts';
import { createSqliteClientStore } from './sqlite-client-store.ts';
import { createSqliteConsentStore } from './sqlite-consent-store.ts';
import { createSqliteGrantStore } from './sqlite-grant-store.ts';
import { createSqliteInteractionStore } from './sqlite-interaction-store.ts';
import { createSqliteKeyStore } from './sqlite-key-store.ts';
import { createSqliteRevocationStore } from './sqlite-revocation-store.ts';
import { createSqliteSessionStore } from './sqlite-session-store.ts';
import { createSqliteUserStore } from './sqlite-user-store.ts';

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
    clients: createSqliteClientStore(connection),
    grants: createSqliteGrantStore(connection),
    sessions: createSqliteSessionStore(connection),
    interactions: createSqliteInteractionStore(connection),
    consents: createSqliteConsentStore(connection),
    users: createSqliteUserStore(connection),
    audit: createSqliteAuditStore(connection),
    close: () => connection.close(),
  };
}
