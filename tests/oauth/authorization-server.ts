/** A whole authorization server on a real Express app, for the tests beside this file. */
import { createHash } from 'node:crypto';
import express, { type Express } from 'express';
import type { Client } from '../../src/model/client.ts';
import type { Principal } from '../../src/model/principal.ts';
import type { ClientDirectory } from '../../src/oauth/client-directory.ts';
import { createConfiguredClients } from '../../src/oauth/configured-clients.ts';
import { createOAuth, type OAuth } from '../../src/oauth/index.ts';
import type { SigningAlgorithm } from '../../src/stores/key-store.ts';
import { BoundedMemory } from '../../src/stores/memory/bounded-memory.ts';
import { createMemoryKeyStore } from '../../src/stores/memory/memory-key-store.ts';
import { createMemoryRevocationStore } from '../../src/stores/memory/memory-revocation-store.ts';
import type { RevocationStore } from '../../src/stores/revocation-store.ts';
import { loadSigningKeys, type SigningKeys } from '../../src/tokens/keys.ts';
import { loadRevocations, type Revocations } from '../../src/tokens/revocation.ts';
import { createTokenVerifier } from '../../src/tokens/verify.ts';

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

const hashOf = (secret: string): string => `sha256:${createHash('sha256').update(secret).digest('hex')}`;

const client = (id: string, further: Partial<Client> = {}): Client => ({
  id,
  type: 'confidential',
  secretHashes: [hashOf(secrets[id as keyof typeof secrets] ?? '')],
  authentication: ['client_secret_basic', 'client_secret_post'],
  grants: ['client_credentials'],
  scopes: ['customers:read', 'customers:write'],
  redirectUris: [],
  roles: [],
  claims: {},
  ...further,
});

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

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

export interface AuthorizationServer {
  readonly app: Express;
  readonly oauth: OAuth;
  readonly keys: SigningKeys;
  readonly revocations: Revocations;
  readonly log: LogLine[];
  /** Seconds since the epoch. */
  now: number;
}

export async function createAuthorizationServer(
  options: {
    issuer?: string;
    audience?: string;
    algorithm?: SigningAlgorithm;
    clients?: ClientDirectory;
    revocationStore?: RevocationStore;
  } = {},
): Promise<AuthorizationServer> {
  const log: LogLine[] = [];
  const write = (level: LogLine['level']) => (message: string, fields?: LogLine['fields']) => {
    log.push({ level, message, fields });
  };
  const app = express();
  let now = 1_700_000_000;
  const clock = () => now;
  const store = createMemoryKeyStore();
  const keys = await loadSigningKeys({ store, algorithm: options.algorithm ?? 'ES256', clock: () => 0 });
  const revocations = await loadRevocations({ store: options.revocationStore ?? createMemoryRevocationStore(), clock });
  const shared = { issuer: options.issuer ?? issuer, audience: options.audience ?? audience, keys, revocations, clock };
  const memory = new BoundedMemory<Principal>({ maxBytes: 1_000_000, clock: () => now * 1_000 });
  const oauth = createOAuth({
    ...shared,
    verifier: createTokenVerifier({ ...shared, memory }),
    scopes: ['customers:read', 'customers:write', 'products:write'],
    clients: options.clients ?? createConfiguredClients(clients),
    accessTokenLifetime: 300,
    log: { info: write('info'), warn: write('warn'), error: write('error') },
  });
  app.use(oauth.router);
  return {
    app,
    oauth,
    keys,
    revocations,
    log,
    get now() {
      return now;
    },
    set now(value) {
      now = value;
    },
  };
}

/** `Authorization: Basic` with both parts form-encoded (RFC 6749 §2.3.1). */
export function basic(id: string, secret: string): string {
  const encode = (part: string) => new URLSearchParams([['', part]]).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64')}`;
}
