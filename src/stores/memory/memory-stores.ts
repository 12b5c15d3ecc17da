import type { Stores } from '../stores.ts';
import { createMemoryAuditStore } from './memory-audit-store.ts';
import { createMemoryClientStore } from './memory-client-store.ts';
import { createMemoryConsentStore } from './memory-consent-store.ts';
import { createMemoryGrantStore } from './memory-grant-store.ts';
import { createMemoryInteractionStore } from './memory-interaction-store.ts';
import { createMemoryKeyStore } from './memory-key-store.ts';
import { createMemoryRevocationStore } from './memory-revocation-store.ts';
import { createMemorySessionStore } from './memory-session-store.ts';
import { createMemoryUserStore } from './memory-user-store.ts';

/** Stores for tests and throw-away runs: nothing survives the process. */
export function openMemoryStores(): Stores {
  return {
    keys: createMemoryKeyStore(),
    revocations: createMemoryRevocationStore(),
    clients: createMemoryClientStore(),
    grants: createMemoryGrantStore(),
    sessions: createMemorySessionStore(),
    interactions: createMemoryInteractionStore(),
    consents: createMemoryConsentStore(),
    users: createMemoryUserStore(),
    audit: createMemoryAuditStore(),
    async close() {},
  };
}
