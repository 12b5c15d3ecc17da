import { createHmac } from 'node:crypto';
import request from 'supertest';
import { always, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { createHandClock, startGateway } from '../support/start-gateway.ts';
import {
  type IdentityProvider,
  makeProviderKey,
  type ProviderKey,
  startIdentityProvider,
} from '../support/start-identity-provider.ts';

const minute = 60_000;

async function startWithProvider(settings = '') {
  const clock = createHandClock();
  const provider = await startIdentityProvider();
  const other = await startIdentityProvider();
  const upstream = await startScriptedUpstream(
    always(200, ['Content-Type: text/plain', 'Cache-Control: max-age=60'], 'hello'),
  );
  const gateway = await startGateway(
    `
oauth:
  signing: ES256
  scopes: { read: Read, write: Write }
  clients:
    - { id: reader, secret: demo-only-reader, grants: [client_credentials], scopes: [read] }
  issuers:
    - issuer: ${provider.issuer}
      audience: https://api.example
      ${settings}
    - { issuer: "${other.issuer}", audience: "https://api.example" }
services:
  things: { instances: ["${upstream.url}"] }
routes:
  - { id: own, match: { path: /own }, to: { service: things }, access: { scopes: [read] } }
  - id: staff
    match: { path: /staff }
    to: { service: things }
    access: { issuers: ["${provider.issuer}"] }
  - id: both
    match: { path: /both }
    to: { service: things }
    access: { scopes: [read], issuers: [own, "${provider.issuer}"] }
    policies: [{ use: cache, with: { fresh: 1m } }, { use: rate-limit, with: { limit: 1, per: 1m, by: user } }]
  - id: person
    match: { pattern: "^/people/(?<id>.+)$" }
    to: { service: things }
    access: { issuers: [own, "${provider.issuer}"], when: { subject: "{id}" } }
`,
    { clock },
  );
  const get = (path: string, token: string) =>
    request(gateway.url)
      .get(path)
      .set('Authorization', `Bearer ${token.replace(/^Bearer /, '')}`);
  return { clock, provider, other, upstream, gateway, get };
}

const keyFetches = ({ asked }: IdentityProvider): number => asked.filter((path) => path.endsWith('/jwks')).length;

test('a token of the provider opens the routes that name it, under a name of its own', async () => {
  const { provider, upstream, get } = await startWithProvider();
  const reply = await get('/staff', provider.issue({ roles: ['clerk'] }));
  expect(reply.status).toBe(200);
  const [seen] = upstream.requests;
  expect(seen!.header('X-User-Id')).toBe(`${provider.issuer}#ada`);
  expect(seen!.header('X-Client-Id')).toBe(`${provider.issuer}#portal`);
  expect(seen!.header('X-Scopes')).toBe('read');
  expect(seen!.header('X-Roles')).toBe('clerk');
});

test('and no other route: 401, and nobody asks the provider for its keys', async () => {
  const { provider, other, upstream, gateway, get } = await startWithProvider();
  const refused = await get('/own', provider.issue());
  expect(refused.status).toBe(401);
  expect(refused.headers['www-authenticate']).toContain('error="invalid_token"');
  expect((await get('/staff', other.issue())).status).toBe(401);
  expect((await get('/staff', await gateway.bearer())).status).toBe(401);
  expect([...provider.asked, ...other.asked]).toEqual([]);
  expect(upstream.requests).toHaveLength(0);
});

test('having been accepted on one route opens no other', async () => {
  const { provider, gateway, get } = await startWithProvider();
  const [theirs, ours] = [provider.issue(), await gateway.bearer()];
  expect((await get('/both', theirs)).status).toBe(200);
  expect((await get('/own', theirs)).status).toBe(401);
  expect((await get('/own', ours)).status).toBe(200);
  expect((await get('/both', ours)).status).toBe(200);
  expect((await get('/staff', ours)).status).toBe(401);
});

test('scopes are asked of it too', async () => {
  const { provider, get } = await startWithProvider();
  const reply = await get('/both', provider.issue({ scope: 'write' }));
  expect(reply.status).toBe(403);
  expect(reply.body.code).toBe('GW_SCOPE_INSUFFICIENT');
});

test('the provider cannot give out the names of our users and clients', async () => {
  const { provider, gateway, upstream, get } = await startWithProvider();
  const twin = provider.issue({ sub: 'reader', client_id: 'reader' });
  expect((await get('/people/reader', await gateway.bearer())).status).toBe(200);
  expect((await get('/people/reader', twin)).status).toBe(403);
  const spelled = encodeURIComponent(`${provider.issuer}#reader`).replaceAll('%2F', '/');
  expect((await get(`/people/${spelled}`, twin)).status).toBe(403);

  // Neither cached replies nor limits are shared: the one request of each user is answered by the service.
  expect((await get('/both', await gateway.bearer())).status).toBe(200);
  const theirs = await get('/both', twin);
  expect(theirs.status).toBe(200);
  expect(theirs.headers['cache-status']).toBe('garita; fwd=miss; stored');
  expect(upstream.requests.at(-1)!.header('X-Client-Id')).toBe(`${provider.issuer}#reader`);
  expect((await get('/both', twin)).status).toBe(429);
});

test('the log says whose user it was', async () => {
  const { provider, gateway, get } = await startWithProvider();
  await get('/staff', provider.issue());
  const line = await gateway.logged({ message: 'exchange', route: 'staff' });
  expect(line).toMatchObject({ subject: `${provider.issuer}#ada`, client: `${provider.issuer}#portal` });
});

describe('its keys', () => {
  test('are fetched once for all who wait, and not again', async () => {
    const { provider, get } = await startWithProvider();
    const replies = await Promise.all(Array.from({ length: 20 }, () => get('/staff', provider.issue())));
    expect(replies.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect((await get('/staff', provider.issue())).status).toBe(200);
    expect(provider.asked).toEqual([
      '/.well-known/oauth-authorization-server/realms/staff',
      '/realms/staff/.well-known/oauth-authorization-server',
      '/realms/staff/.well-known/openid-configuration',
      '/realms/staff/jwks',
    ]);
  });

  test('may be rotated: one fetch for 50 requests with the new one', async () => {
    const { provider, get } = await startWithProvider();
    expect((await get('/staff', provider.issue())).status).toBe(200);
    provider.keys = [makeProviderKey('RS256'), ...provider.keys];
    const replies = await Promise.all(Array.from({ length: 50 }, () => get('/staff', provider.issue())));
    expect(replies.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(keyFetches(provider)).toBe(2);
  });

  test('are not fetched for every token that somebody makes up', async () => {
    const { provider, clock, get } = await startWithProvider();
    const forge = () => provider.issue({}, makeProviderKey());
    const statuses = async () =>
      (await Promise.all(Array.from({ length: 5 }, () => get('/staff', forge())))).map(({ status }) => status);
    await get('/staff', provider.issue());
    expect(await statuses()).toEqual(Array(5).fill(401));
    expect(await statuses()).toEqual(Array(5).fill(401));
    expect(keyFetches(provider)).toBe(2);
    clock.advance(minute / 2);
    expect(await statuses()).toEqual(Array(5).fill(401));
    expect(keyFetches(provider)).toBe(3);
  });

  test('stay good while the provider is down, and the log says so once', async () => {
    const { provider, clock, gateway, get } = await startWithProvider();
    expect((await get('/staff', provider.issue())).status).toBe(200);
    await provider.close();
    for (let i = 0; i < 3; i++) {
      clock.advance(11 * minute);
      expect((await get('/staff', provider.issue())).status).toBe(200);
    }
    const message = 'the keys of an issuer cannot be fetched';
    expect(await gateway.logged({ message })).toMatchObject({ level: 'warn', issuer: provider.issuer });
    await gateway.close();
    expect(gateway.log.filter((line) => line.message === message)).toHaveLength(1);
  });

  test('that were never there: 503 with Retry-After, not 401', async () => {
    const { provider, clock, upstream, get } = await startWithProvider();
    provider.answerKeys = (response) => void response.writeHead(500).end();
    const reply = await get('/staff', provider.issue());
    expect(reply.status).toBe(503);
    expect(reply.headers['retry-after']).toBe('5');
    expect(reply.headers['www-authenticate']).toBeUndefined();
    expect(reply.body).toMatchObject({ code: 'GW_ISSUER_UNAVAILABLE', type: 'urn:garita:problem:issuer-unavailable' });
    expect(JSON.stringify(reply.body)).not.toContain(provider.issuer);
    expect(upstream.requests).toHaveLength(0);

    await get('/staff', provider.issue());
    expect(keyFetches(provider)).toBe(1);
    provider.answerKeys = undefined;
    clock.advance(5_000);
    expect((await get('/staff', provider.issue())).status).toBe(200);
  });

  test.each<[string, (provider: IdentityProvider) => IdentityProvider['answerKeys']]>([
    ['are too large', () => (response) => void response.end(JSON.stringify({ keys: [], padding: 'x'.repeat(64_000) }))],
    [
      'never end',
      () => (response) => {
        const feed = (): void => void response.write('x'.repeat(8_000), (error) => error ?? setImmediate(feed));
        feed();
      },
    ],
    [
      'are elsewhere',
      ({ issuer }) =>
        (response) =>
          void response.writeHead(302, { Location: `${issuer}/.well-known/openid-configuration` }).end(),
    ],
    ['are no JSON', () => (response) => void response.end('<html>')],
    ['are no key set', () => (response) => void response.end('{"keys":{}}')],
    [
      'are too many',
      ({ keys }) =>
        (response) =>
          void response.end(JSON.stringify({ keys: Array(101).fill(keys[0]!.jwk) })),
    ],
  ])('are not taken when they %s', async (_, answer) => {
    const { provider, get } = await startWithProvider();
    provider.answerKeys = answer(provider);
    expect((await get('/staff', provider.issue())).status).toBe(503);
    expect(provider.asked).toHaveLength(4);
  });

  test.each<[string, (key: ProviderKey) => unknown[]]>([
    [
      'published with their private part',
      ({ jwk, privateKey }) => [{ ...jwk, ...privateKey.export({ format: 'jwk' }) }],
    ],
    [
      'of another type',
      ({ jwk }) => [
        { ...jwk, kty: 'RSA' },
        { ...jwk, kty: 'oct', k: 'c2VjcmV0' },
      ],
    ],
    ['two of one id', ({ jwk, id }) => [jwk, makeProviderKey('ES256', id).jwk]],
    ['for encryption', ({ jwk }) => [{ ...jwk, use: 'enc' }]],
  ])('are not used when they are %s', async (_, publish) => {
    const { provider, get } = await startWithProvider();
    provider.answerKeys = (response) => void response.end(JSON.stringify({ keys: publish(provider.keys[0]!) }));
    expect((await get('/staff', provider.issue())).status).toBe(401);
  });
});

describe('a bad token of the provider is 401 invalid_token', () => {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = () => Math.floor(Date.now() / 1_000);

  test.each<[string, string, (provider: IdentityProvider, other: IdentityProvider) => string]>([
    [
      'the algorithm none',
      'an algorithm that its issuer may not use',
      ({ issuer, keys }) => {
        const header = encode({ alg: 'none', typ: 'at+jwt', kid: keys[0]!.id });
        const claims = { iss: issuer, sub: 'ada', aud: 'https://api.example', exp: now() + 300, iat: now(), jti: '1' };
        return `${header}.${encode({ ...claims, client_id: 'portal' })}.AAAA`;
      },
    ],
    [
      'HS256, keyed with the public key',
      'an algorithm that its issuer may not use',
      ({ issue, keys }) => {
        const [, claims] = issue().split('.');
        const text = `${encode({ alg: 'HS256', typ: 'at+jwt', kid: keys[0]!.id })}.${claims}`;
        const pem = keys[0]!.publicKey.export({ type: 'spki', format: 'pem' });
        return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
      },
    ],
    ['another audience', 'jwt audience invalid', ({ issue }) => issue({ aud: 'https://other.example' })],
    ['no audience', 'jwt audience invalid', ({ issue }) => issue({ aud: undefined })],
    ['expired', 'expired', ({ issue }) => issue({ exp: now() - 1 })],
    ['without an end', 'the claim exp is missing', ({ issue }) => issue({ exp: undefined })],
    ['from the future', 'issued in the future', ({ issue }) => issue({ iat: now() + 90 })],
    [
      'another key under its id',
      'invalid signature',
      ({ issue, keys }) => issue({}, makeProviderKey('RS256', keys[0]!.id)),
    ],
    [
      "another issuer's key under its own id",
      'a key that its issuer does not have',
      ({ issue }, other) => issue({}, other.keys[0]!),
    ],
    ['the name of another issuer', 'this route does not accept', ({ issue }, other) => issue({ iss: other.issuer })],
    ['our name', 'this route does not accept', ({ issue }) => issue({ iss: 'http://127.0.0.1:8080' })],
    ['its name with a slash', 'this route does not accept', ({ issue, issuer }) => issue({ iss: `${issuer}/` })],
    ['an ID token', 'an ID token', ({ issue }) => issue({ at_hash: 'x' })],
    ['a type that says nothing', 'not an access token by its typ', ({ issue }) => issue({}, undefined, { typ: 'JWT' })],
    [
      'a key of its own (jku)',
      'a header member other than alg, typ, kid, x5t and x5t#S256',
      ({ issue }) => issue({}, undefined, { jku: 'https://evil.example/jwks' }),
    ],
    ['bound to a key (cnf)', 'bound to a key', ({ issue }) => issue({ cnf: { jkt: 'x' } })],
    [
      'not JSON',
      'claims that are not JSON',
      ({ issue }) => issue().replace(/\.[^.]+\./, `.${Buffer.from('{').toString('base64url')}.`),
    ],
  ])('%s', async (_, reason, forge) => {
    const { provider, other, upstream, gateway, get } = await startWithProvider();
    provider.keys = [makeProviderKey('RS256')];
    const reply = await get('/staff', forge(provider, other));
    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).toContain('error="invalid_token"');
    expect(upstream.requests).toHaveLength(0);
    expect((await gateway.logged({ message: 'exchange', status: 401 })).reason).toContain(reason);
  });
});

test('a provider that does not do RFC 9068 is told by typ: any and a mapping of claims', async () => {
  const { provider, upstream, get } = await startWithProvider(
    'typ: any\n      algorithms: [RS256]\n      claims: { scopes: scp, roles: realm_access.roles, client: azp }',
  );
  const rsa = makeProviderKey('RS256');
  provider.keys = [rsa, ...provider.keys];
  const claims = { client_id: undefined, scope: undefined, jti: undefined, iat: undefined };
  const mapped = { azp: 'desk', scp: ['read', 'write'], realm_access: { roles: ['clerk'] } };
  expect((await get('/both', provider.issue({ ...claims, ...mapped }, rsa, { typ: 'JWT', x5t: 'abc' }))).status).toBe(
    200,
  );
  expect(upstream.requests[0]!.header('X-Client-Id')).toBe(`${provider.issuer}#desk`);
  expect(upstream.requests[0]!.header('X-Scopes')).toBe('read write');
  expect(upstream.requests[0]!.header('X-Roles')).toBe('clerk');

  expect((await get('/both', provider.issue(mapped, provider.keys[1]))).status).toBe(401);
  expect((await get('/both', provider.issue(mapped, rsa, { typ: 'logout+jwt' }))).status).toBe(401);
});
