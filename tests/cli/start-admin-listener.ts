import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { hashSecret } from '../../src/config/secret-hash.ts';
import type { Client } from '../../src/model/client.ts';
import type { Principal } from '../../src/model/principal.ts';
import { createAdministration } from '../../src/oauth/administration/create-administration.ts';
import { createAudit } from '../../src/oauth/audit.ts';
import { createEndGrants } from '../../src/oauth/end-grants.ts';
import { createPasswordHasher } from '../../src/oauth/users/password-hasher.ts';
import { createAdminApi } from '../../src/operations/admin/admin-api.ts';
import { BoundedMemory } from '../../src/stores/memory/bounded-memory.ts';
import { openMemoryStores } from '../../src/stores/memory/memory-stores.ts';
import type { Stores } from '../../src/stores/stores.ts';
import { createTokenIssuer } from '../../src/tokens/issue.ts';
import { openSigningKeys } from '../../src/tokens/keys.ts';
import { loadRevocations } from '../../src/tokens/revocation.ts';
import { createTokenVerifier } from '../../src/tokens/verify.ts';

export const adminToken = 'demo-only-admin-token';

const silent = { info() {}, warn() {}, error() {} };
const clock = (): number => Date.now() / 1_000;

/** The admin API over stores in memory, as a gateway has it on its operations listener. */
export async function startAdminListener(clients: readonly Client[], scopes: readonly string[]) {
  const stores: Stores = openMemoryStores();
  const keys = await openSigningKeys({ store: stores.keys, algorithm: 'ES256', clock, log: silent });
  const revocations = await loadRevocations({ store: stores.revocations, clock });
  const audit = createAudit({ store: stores.audit, keep: 1_000, clock });
  const issuer = 'http://127.0.0.1:8080';
  const administration = createAdministration({
    stores,
    clients,
    scopes,
    users: { use: 'embedded', roles: 'roles', claims: {}, scopes: {} },
    endGrants: createEndGrants({ grants: stores.grants, revocations, audit, clock }),
    revocations,
    keys,
    hasher: createPasswordHasher({ cost: { ln: 4, r: 8, p: 1 } }),
    audit,
    clock,
  });
  const memory = new BoundedMemory<Principal>({ maxBytes: 65_536, clock: Date.now });
  const api = createAdminApi({
    administration,
    verifier: createTokenVerifier({ issuer, audience: issuer, keys, revocations, clock, memory }),
    tokenHash: hashSecret(adminToken),
    realm: issuer,
    hosts: [],
    audit,
    clock,
    log: silent,
    instances: () => [],
    plan: () => [],
  });
  const server = createServer(express().use('/admin', api)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const tokens = createTokenIssuer({ issuer, keys, revocations, clock });
  return {
    port,
    stores,
    /** An access token of this server. */
    async issueToken(...scopes: string[]): Promise<string> {
      const whose = { subject: 'ada', clientId: 'storefront', audience: issuer, grantId: 'g-1' };
      const { token } = await tokens.issueAccessToken({ ...whose, scopes, roles: [], claims: {}, lifetime: 60 });
      return token;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await stores.close();
    },
  };
}
