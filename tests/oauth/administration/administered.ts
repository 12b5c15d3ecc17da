/** An administration over memory stores, with all that really belongs to it, for the tests of it and of its API. */
import type { UsersConfig } from '../../../src/config/users.ts';
import type { Client } from '../../../src/model/client.ts';
import type { Administration } from '../../../src/oauth/administration/administration.ts';
import { createAdministration } from '../../../src/oauth/administration/create-administration.ts';
import { type Audit, createAudit } from '../../../src/oauth/audit.ts';
import { createEndGrants } from '../../../src/oauth/end-grants.ts';
import { createPasswordHasher, type PasswordHasher } from '../../../src/oauth/users/password-hasher.ts';
import type { StoredAuditEvent } from '../../../src/stores/audit-store.ts';
import type { StoredGrant } from '../../../src/stores/grant-store.ts';
import { openMemoryStores } from '../../../src/stores/memory/memory-stores.ts';
import type { Stores } from '../../../src/stores/stores.ts';
import { openSigningKeys, type SigningKeys } from '../../../src/tokens/keys.ts';
import { loadRevocations, type Revocations } from '../../../src/tokens/revocation.ts';
import { makeClient } from '../make-client.ts';

export const scopes = ['customers:read', 'customers:write', 'garita:admin'];
export const embedded: UsersConfig = { use: 'embedded', roles: 'roles', claims: {}, scopes: {} };
export const by = { name: 'ada', address: '192.0.2.7' };

export interface Administered {
  readonly administration: Administration;
  readonly stores: Stores;
  readonly keys: SigningKeys;
  readonly revocations: Revocations;
  readonly hasher: PasswordHasher;
  readonly audit: Audit;
  readonly clock: () => number;
  /** Seconds since the epoch. */
  now: number;
  /** The audit, the oldest first, without the times. */
  events(): Promise<Partial<StoredAuditEvent>[]>;
}

export async function createAdministered(
  options: { users?: UsersConfig | undefined; clients?: readonly Client[]; stores?: Partial<Stores> } = {},
): Promise<Administered> {
  let now = 1_700_000_000;
  const clock = (): number => now;
  const stores: Stores = { ...openMemoryStores(), ...options.stores };
  const revocations = await loadRevocations({ store: stores.revocations, clock });
  const keys = await openSigningKeys({
    store: stores.keys,
    algorithm: 'ES256',
    clock,
    log: { info() {}, error() {} },
  });
  const audit = createAudit({ store: stores.audit, keep: 10_000, clock });
  const hasher = createPasswordHasher({ cost: { ln: 4, r: 8, p: 1 } });
  const administration = createAdministration({
    stores,
    clients: options.clients ?? [makeClient('back-office', { secretHashes: [`sha256:${'0'.repeat(64)}`] })],
    scopes,
    users: 'users' in options ? options.users : embedded,
    endGrants: createEndGrants({ grants: stores.grants, revocations, audit, clock }),
    revocations,
    keys,
    hasher,
    audit,
    clock,
  });
  return {
    administration,
    stores,
    keys,
    revocations,
    hasher,
    audit,
    clock,
    get now() {
      return now;
    },
    set now(value) {
      now = value;
    },
    async events() {
      const events = await stores.audit.query({}, { limit: 1_000 });
      return events.map(({ id: _, at: __, ...event }) => event).reverse();
    },
  };
}

/** Keeps a live grant. */
export async function keepGrant(
  { stores, now }: Administered,
  id: string,
  further: Partial<StoredGrant> = {},
): Promise<StoredGrant> {
  const grant: StoredGrant = {
    id,
    subject: 'user-1',
    clientId: 'storefront',
    scopes: ['customers:read'],
    audience: 'https://api.example',
    session: 'session-1',
    authTime: now,
    createdAt: now,
    expiresAt: now + 86_400,
    roles: ['clerk'],
    claims: { name: 'Ada' },
    revokedAt: undefined,
    ...further,
  };
  await stores.grants.create(grant, undefined, now);
  return grant;
}

/** A token as the gateway knows it, issued before anything was revoked. */
export const principalOf = ({ id: grantId, subject, clientId }: StoredGrant) => ({
  subject,
  clientId,
  scopes: [],
  roles: [],
  tokenId: `token of ${grantId}`,
  grantId,
  expiresAt: 0,
  claims: { epoch: 0 },
});

/** What an operator is told. */
export async function refusalOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason as { problem: string; message: string; fields: Record<string, string> },
  );
  return { problem: error?.problem, message: error?.message, fields: error?.fields };
}
