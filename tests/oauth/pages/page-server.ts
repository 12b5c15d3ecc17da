/** The pages on a real Express app, with real stores, for the tests beside this file. */
import express, { type Express } from 'express';
import type { PagesConfig } from '../../../src/config/sign-in.ts';
import type { Client } from '../../../src/model/client.ts';
import { createAudit } from '../../../src/oauth/audit.ts';
import { createClientDirectory } from '../../../src/oauth/client-directory.ts';
import { createEndGrants } from '../../../src/oauth/end-grants.ts';
import { loadPageAssets } from '../../../src/oauth/pages/assets.ts';
import { createUserEndpoints } from '../../../src/oauth/user-endpoints.ts';
import type { SignIn, SignInAttempt, SignInResult } from '../../../src/oauth/users/sign-in.ts';
import type { AuditEvent } from '../../../src/stores/audit-store.ts';
import { openMemoryStores } from '../../../src/stores/memory/memory-stores.ts';
import type { Stores } from '../../../src/stores/stores.ts';
import { createOpaqueTokens } from '../../../src/tokens/opaque-tokens.ts';
import { loadRevocations } from '../../../src/tokens/revocation.ts';
import { makeClient } from '../make-client.ts';

export const password = 'correct horse battery staple';

const ada: SignInResult = {
  outcome: 'ok',
  user: { subject: 'user-ada', roles: ['clerk'], claims: { name: 'Ada <b>Lovelace</b>' } },
};

/** What becomes of whoever gives the right password. */
const accounts: Readonly<Record<string, SignInResult>> = {
  'ada@example.com': ada,
  bob: { outcome: 'ok', user: { subject: 'user-bob', roles: [], claims: {} } },
  gone: { outcome: 'disabled' },
  hasty: { outcome: 'throttled', retryAfter: 90 },
  unlucky: { outcome: 'unavailable', retryAfter: 7 },
};

export interface PageServerOptions {
  readonly issuer?: string;
  readonly clients?: readonly Client[];
  readonly pages?: Partial<PagesConfig>;
  /** Parts of the stores that behave in another way. */
  readonly stores?: Partial<Stores>;
}

export interface PageServer {
  readonly app: Express;
  readonly issuer: string;
  readonly stores: Stores;
  /** Whose passwords were checked. */
  readonly attempts: SignInAttempt[];
  readonly log: { readonly message: string; readonly fields: unknown }[];
  /** Seconds since the epoch. */
  now: number;
  /** The audit, the oldest first, without times and ids. */
  audit(): Promise<Omit<AuditEvent, 'at'>[]>;
}

/** A client that must ask for consent; `further` says what matters to a test. */
export const webClient = (id: string, further: Partial<Client> = {}): Client =>
  makeClient(id, {
    name: 'Storefront',
    grants: ['authorization_code', 'refresh_token'],
    redirectUris: ['https://shop.example/callback'],
    postLogoutRedirectUris: ['https://shop.example/bye'],
    requirePkce: false,
    ...further,
  });

export const scopes = { 'customers:read': 'See <your> customers', 'customers:write': 'Change customers & orders' };

export async function startPages(options: PageServerOptions = {}): Promise<PageServer> {
  const { issuer = 'https://id.example' } = options;
  const stores = { ...openMemoryStores(), ...options.stores };
  const clients = options.clients ?? [webClient('shop')];
  const log: PageServer['log'] = [];
  const write = (message: string, fields?: unknown) => void log.push({ message, fields });
  let now = 1_700_000_000;
  const clock = () => now;
  const audit = createAudit({ store: stores.audit, keep: 1_000, clock });
  const revocations = await loadRevocations({ store: stores.revocations, clock });
  const attempts: SignInAttempt[] = [];
  const signIn: SignIn = async (attempt) => {
    attempts.push(attempt);
    return attempt.password === password ? (accounts[attempt.username] ?? { outcome: 'wrong' }) : { outcome: 'wrong' };
  };
  const endpoints = new Map(
    createUserEndpoints({
      ...{ issuer, audience: issuer, scopes, stores, audit, signIn, clock, accessTokenLifetime: 300 },
      directory: { find: async () => ({ outcome: 'unknown' }) },
      clients: createClientDirectory({ configured: clients, store: stores.clients, clock }),
      opaqueTokens: createOpaqueTokens({ secret: Buffer.alloc(32, 7) }),
      endGrants: createEndGrants({ grants: stores.grants, revocations, audit, clock }),
      allowedScopes: (_user, wanted) => wanted,
      sessions: { idle: 3_600, max: 7_200 },
      pages: {
        name: options.pages?.name ?? 'Garita',
        assets: await loadPageAssets({ accent: '#0b6e4f', ...options.pages }),
      },
      log: { info: write, warn: write, error: write },
    }),
  );
  const app = express();
  app.use((req, res, next) => {
    const endpoint = endpoints.get(req.path);
    return endpoint?.methods.includes(req.method) ? endpoint.handle(req, res) : next();
  });
  return {
    ...{ app, issuer, stores, attempts, log },
    get now() {
      return now;
    },
    set now(value) {
      now = value;
    },
    async audit() {
      const events = await stores.audit.query({}, { limit: 100 });
      return events.map(({ id: _, at: __, ...event }) => event).reverse();
    },
  };
}
