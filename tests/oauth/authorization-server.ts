/** A whole authorization server on a real Express app, for the tests beside this file. */
import { createHash, randomBytes } from 'node:crypto';
import express, { type Express } from 'express';
import type { Client } from '../../src/model/client.ts';
import type { User } from '../../src/model/user.ts';
import { createAudit } from '../../src/oauth/audit.ts';
import { fingerprintOf } from '../../src/oauth/browser-secret.ts';
import { type ClientDirectory, createClientDirectory } from '../../src/oauth/client-directory.ts';
import { createEndGrants } from '../../src/oauth/end-grants.ts';
import { createOAuth, type OAuth } from '../../src/oauth/index.ts';
import { loadPageAssets } from '../../src/oauth/pages/assets.ts';
import { createSignIn } from '../../src/oauth/users/create-sign-in.ts';
import type { UserDirectory } from '../../src/oauth/users/user-directory.ts';
import type { AuditEvent } from '../../src/stores/audit-store.ts';
import type { SigningAlgorithm } from '../../src/stores/key-store.ts';
import { BoundedMemory } from '../../src/stores/memory/bounded-memory.ts';
import { openMemoryStores } from '../../src/stores/memory/memory-stores.ts';
import type { StoredSession } from '../../src/stores/session-store.ts';
import type { Stores } from '../../src/stores/stores.ts';
import type { SigningKeys } from '../../src/tokens/keys.ts';
import { loadRevocations, type Revocations } from '../../src/tokens/revocation.ts';
import { createTokenVerifier } from '../../src/tokens/verify.ts';
import { openKeys } from '../tokens/open-keys.ts';
import { makeClient } from './make-client.ts';

export const issuer = 'http://127.0.0.1:8080';
export const audience = 'https://api.example';
export const secrets = {
  'back-office': 'back-office-secret-of-some-length',
  'odd:client/%': 'p+l%u:s & ünïcode=',
  'post-only': 'post-only-secret',
  'basic-only': 'basic-only-secret',
  'no-grant': 'no-grant-secret',
  'no-scope': 'no-scope-secret',
  turning: 'the-new-secret',
};

export const hashOf = (secret: string): string => `sha256:${createHash('sha256').update(secret).digest('hex')}`;

const client = (id: string, further: Partial<Client> = {}): Client =>
  makeClient(id, { secretHashes: [hashOf(secrets[id as keyof typeof secrets] ?? '')], ...further });

const clients: readonly Client[] = [
  client('back-office', { roles: ['clerk'], claims: { tenant: 'north', sub: 'ada' } }),
  client('odd:client/%'),
  client('post-only', { authentication: ['client_secret_post'] }),
  client('basic-only', { authentication: ['client_secret_basic'] }),
  client('no-grant', { grants: ['authorization_code', 'password'] }),
  client('no-scope', { scopes: [] }),
  client('turning', { secretHashes: [hashOf('the-old-secret'), hashOf(secrets.turning)] }),
  client('storefront', { type: 'public', secretHashes: [], authentication: ['none'] }),
  client('half-configured', { authentication: ['none'] }),
];

export const scopes = {
  'customers:read': 'See customers',
  'customers:write': 'Change customers',
  'products:write': 'Change products',
};

/** The users of a test: it may change them, and say that nobody can be asked. */
export class TestUsers implements UserDirectory {
  readonly users = new Map<string, User>([
    ['ada', { subject: 'user-ada', roles: ['clerk'], claims: { name: 'Ada' } }],
    ['bob', { subject: 'user-bob', roles: [], claims: { name: 'Bob' } }],
  ]);
  readonly disabled = new Set<string>();
  isDown = false;
  /** A directory that does not tell what became of a user. */
  isSilent = false;
  readonly #down = { outcome: 'unavailable', retryAfter: 7, reason: 'it is down' } as const;

  async authenticate(username: string, password: string) {
    if (this.isDown) return this.#down;
    const user = this.users.get(username);
    if (user === undefined || password !== passwordOf(username)) return { outcome: 'wrong' } as const;
    return this.disabled.has(user.subject) ? ({ outcome: 'disabled' } as const) : ({ outcome: 'ok', user } as const);
  }

  async find(subject: string) {
    if (this.isDown) return this.#down;
    if (this.isSilent) return { outcome: 'unknown' } as const;
    const user = [...this.users.values()].find((candidate) => candidate.subject === subject);
    if (user === undefined || this.disabled.has(subject)) return { outcome: 'gone' } as const;
    return { outcome: 'ok', user } as const;
  }
}

export const passwordOf = (username: string): string => `the password of ${username}`;

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

export interface AuthorizationServer {
  readonly app: Express;
  readonly oauth: OAuth;
  readonly issuer: string;
  readonly keys: SigningKeys;
  readonly revocations: Revocations;
  readonly stores: Stores;
  readonly users: TestUsers;
  readonly log: LogLine[];
  /** Seconds since the epoch. */
  now: number;
  /** The audit, the oldest first, without times and ids. */
  audit(): Promise<Omit<AuditEvent, 'at'>[]>;
  /** The cookie of a browser in which a user is signed in, and their session. */
  signIn(username?: string): Promise<{ readonly cookie: string; readonly session: StoredSession }>;
}

export interface AuthorizationServerOptions {
  readonly issuer?: string;
  readonly audience?: string;
  readonly algorithm?: SigningAlgorithm;
  /** Instead of those above. */
  readonly configured?: readonly Client[];
  /** Instead of a directory of those and the store's. */
  readonly clients?: ClientDirectory;
  /** Parts of the stores that behave in another way. */
  readonly stores?: Partial<Stores>;
  /** Can users sign in? Default: no. */
  readonly withUsers?: boolean;
}

export async function createAuthorizationServer(
  options: AuthorizationServerOptions = {},
): Promise<AuthorizationServer> {
  const log: LogLine[] = [];
  const write = (level: LogLine['level']) => (message: string, fields?: LogLine['fields']) => {
    log.push({ level, message, fields });
  };
  const oauthLog = { info: write('info'), warn: write('warn'), error: write('error') };
  const { issuer: name = issuer, audience: resource = audience, algorithm = 'ES256' } = options;
  let now = 1_700_000_000;
  const clock = () => now;
  const stores = { ...openMemoryStores(), ...options.stores };
  const keys = await openKeys({ store: stores.keys, algorithm });
  const revocations = await loadRevocations({ store: stores.revocations, clock });
  const audit = createAudit({ store: stores.audit, keep: 10_000, clock });
  const users = new TestUsers();
  const pages = { name: 'Garita', assets: await loadPageAssets({ accent: '#0b6e4f' }) };
  const shared = { issuer: name, keys, revocations, clock, audit, stores, log: oauthLog };
  const configured = options.configured ?? clients;
  const oauth = createOAuth({
    ...shared,
    audience: resource,
    scopes,
    clients: options.clients ?? createClientDirectory({ configured, store: stores.clients, clock }),
    endGrants: createEndGrants({ ...shared, grants: stores.grants }),
    verifier: createTokenVerifier({
      ...shared,
      audience: undefined,
      memory: new BoundedMemory({ maxBytes: 1_000_000, clock: () => now * 1_000 }),
    }),
    users: options.withUsers
      ? {
          directory: users,
          signIn: createSignIn({ directory: users, audit, clock, log: oauthLog }),
          restricted: { 'customers:write': ['clerk'] },
          sessions: { idle: 3_600, max: 7_200 },
          pages,
        }
      : undefined,
    accessTokenLifetime: 300,
  });
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false);
  app.use(oauth.router);
  return {
    ...{ app, oauth, issuer: name, keys, revocations, stores, users, log },
    get now() {
      return now;
    },
    set now(value) {
      now = value;
    },
    async audit() {
      const events = await stores.audit.query({}, { limit: 1_000 });
      return events.map(({ id: _, at: __, ...event }) => event).reverse();
    },
    async signIn(username = 'ada') {
      const value = randomBytes(32).toString('base64url');
      const lifetime = { authTime: now, idleUntil: now + 3_600, expiresAt: now + 7_200 };
      const session = { id: fingerprintOf(value), visit: 'visit', ...users.users.get(username)!, ...lifetime };
      await stores.sessions.create(session, now);
      return { cookie: `${name.startsWith('https:') ? '__Host-' : ''}garita-session=${value}`, session };
    },
  };
}

/** `Authorization: Basic` with both parts form-encoded (RFC 6749 §2.3.1). */
export function basic(id: string, secret: string): string {
  const encode = (part: string) => new URLSearchParams([['', part]]).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64')}`;
}
