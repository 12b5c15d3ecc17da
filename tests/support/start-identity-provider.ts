import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

/** A key pair of an issuer under test. */
export interface ProviderKey {
  readonly id: string;
  readonly algorithm: 'RS256' | 'ES256';
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As it stands in a key set. */
  readonly jwk: Readonly<Record<string, unknown>>;
}

/** Makes a key pair; its id is random unless given. */
export function makeProviderKey(algorithm: 'RS256' | 'ES256' = 'ES256', id: string = randomUUID()): ProviderKey {
  const { privateKey, publicKey } =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: id, use: 'sig', alg: algorithm };
  return { id, algorithm, privateKey, publicKey, jwk };
}

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Signs whatever a test wants to smuggle in. A text as header or claims is taken as it is. */
export function signToken(header: unknown, claims: unknown, key: KeyObject): string {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** A company's identity provider, on a real HTTP server of its own. */
export interface IdentityProvider {
  readonly issuer: string;
  /** The keys that it publishes: replace them to rotate. */
  keys: readonly ProviderKey[];
  /** Paths that it was asked for, in order. */
  readonly asked: readonly string[];
  /** Answers instead of the key set: for a provider that misbehaves. */
  answerKeys: ((response: ServerResponse) => void) | undefined;
  /** An access token by RFC 9068, signed with the first key unless another is given. */
  issue(claims?: object, key?: ProviderKey, header?: object): string;
  close(): Promise<void>;
}

const running = new Set<IdentityProvider>();

afterEach(() => Promise.all([...running].map((provider) => provider.close())));

/** Starts a provider whose metadata, by OpenID Connect Discovery, leads to its key set. `time` in seconds for its tokens. */
export async function startIdentityProvider({ time = () => Date.now() / 1_000 } = {}): Promise<IdentityProvider> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    const json = (value: unknown) => response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));
    switch (request.url) {
      case '/realms/staff/.well-known/openid-configuration':
        return json({ issuer: provider.issuer, jwks_uri: `${provider.issuer}/jwks` });
      case '/realms/staff/jwks':
        if (provider.answerKeys !== undefined) return provider.answerKeys(response);
        return json({ keys: provider.keys.map(({ jwk }) => jwk) });
      default:
        return response.writeHead(404).end();
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as { port: number }).port}/realms/staff`;
  const provider: IdentityProvider = {
    issuer,
    keys: [makeProviderKey()],
    asked,
    answerKeys: undefined,
    issue(claims = {}, key = provider.keys[0]!, header = {}) {
      const now = Math.floor(time());
      const usual = { iss: issuer, sub: 'ada', aud: 'https://api.example', exp: now + 300, iat: now };
      return signToken(
        { alg: key.algorithm, typ: 'at+jwt', kid: key.id, ...header },
        { ...usual, jti: randomUUID(), client_id: 'portal', scope: 'read', ...claims },
        key.privateKey,
      );
    },
    async close() {
      if (!running.delete(provider)) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  running.add(provider);
  return provider;
}
