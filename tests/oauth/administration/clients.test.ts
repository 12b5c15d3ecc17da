import { hashSecret } from '../../../src/config/secret-hash.ts';
import { makeClient } from '../make-client.ts';
import { by, createAdministered, keepGrant, principalOf, refusalOf } from './administered.ts';

const service = { id: 'reports', grants: ['client_credentials'], scopes: ['customers:read'] };
const browserApp = {
  id: 'storefront',
  type: 'public',
  grants: ['authorization_code', 'refresh_token'],
  scopes: ['customers:read'],
  redirectUris: ['https://shop.example/callback'],
};

describe('adding', () => {
  test('a confidential client gets a secret of 256 bits, of which only the hash is kept', async () => {
    const { administration, stores, events } = await createAdministered();
    const { client, secret } = await administration.clients.add(service, by);
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const stored = await stores.clients.find('reports');
    expect(stored?.secrets).toEqual([{ hash: hashSecret(secret!), createdAt: 1_700_000_000, expiresAt: undefined }]);
    expect(client).toMatchObject({
      id: 'reports',
      name: 'reports',
      from: 'store',
      disabled: false,
      requirePkce: true,
      authentication: ['client_secret_basic', 'client_secret_post'],
      refreshTokens: { idle: 2_592_000, max: 7_776_000 },
      secrets: [{ createdAt: 1_700_000_000 }],
    });
    const known = JSON.stringify([client, await administration.clients.list(), await events()]);
    expect(known).not.toContain(secret);
    expect(known).not.toContain('sha256');
    expect(await events()).toEqual([
      {
        type: 'client.added',
        clientId: 'reports',
        actor: 'ada',
        address: '192.0.2.7',
        detail: 'confidential, grants: client_credentials, scopes: customers:read',
      },
    ]);
  });

  test('two clients never get the same secret', async () => {
    const { administration } = await createAdministered();
    const one = await administration.clients.add(service, by);
    const two = await administration.clients.add({ ...service, id: 'other' }, by);
    expect(one.secret).not.toBe(two.secret);
  });

  test('a public client gets none, and the defaults of the configuration', async () => {
    const { administration } = await createAdministered();
    const added = await administration.clients.add({ ...browserApp, refreshTokens: { idle: '1h' } }, by);
    expect(added).not.toHaveProperty('secret');
    expect(added.client).toMatchObject({
      authentication: ['none'],
      origins: ['https://shop.example'],
      refreshTokens: { idle: 3_600, max: 1_209_600 },
      secrets: [],
    });
  });

  test('everything that is wrong is said at once, by path', async () => {
    const { administration, stores, events } = await createAdministered();
    const input = {
      id: 'no spaces',
      type: 'secret',
      grants: ['implicit'],
      scopes: ['customers:read', 'customers:reed'],
      redirectUris: ['https://a.example/cb', 'http://b.example/cb'],
      secret: 'x',
    };
    const { problem, fields } = await refusalOf(administration.clients.add(input, by));
    expect(problem).toBe('invalid');
    expect(fields).toEqual({
      id: 'expected an id of up to 100 letters, digits, dots, dashes and underscores, got "no spaces"',
      type: 'expected confidential or public, got "secret"',
      'grants[0]': 'expected authorization_code, refresh_token, client_credentials or password, got "implicit"',
      'scopes[1]': 'the scope "customers:reed" is not declared in oauth.scopes: did you mean "customers:read"?',
      'redirectUris[1]': 'http is for this machine only: codes must not travel in the clear; use https',
      secret: expect.stringContaining('unknown key "secret"'),
    });
    expect([await stores.clients.list(), await events()]).toEqual([[], []]);
  });

  test.each<[string, object, string]>([
    ['a public client with client credentials', { ...service, type: 'public' }, 'grants[0]'],
    ['a public client without PKCE', { ...browserApp, pkce: 'optional' }, 'pkce'],
    ['codes that can be sent nowhere', { ...browserApp, redirectUris: [] }, ''],
    ['passwords for somebody else', { ...service, grants: ['password'] }, 'grants[0]'],
    ['a claim that tokens have themselves', { ...service, claims: { sub: 'ada' } }, 'claims.sub'],
    ['an id that looks like a foreign name', { ...service, id: 'https://idp.example#ada' }, 'id'],
  ])('%s is refused', async (_, input, path) => {
    const { administration } = await createAdministered();
    const { problem, fields } = await refusalOf(administration.clients.add(input, by));
    expect([problem, Object.keys(fields!)]).toEqual(['invalid', [path]]);
  });

  test.each([undefined, null, 'a text', [], 7])('%p is no client, and is not repeated', async (input) => {
    const { administration } = await createAdministered();
    const { problem, message } = await refusalOf(administration.clients.add(input, by));
    expect(problem).toBe('invalid');
    expect(message).not.toContain('"a text"');
  });

  test('an id that is taken stays with the one who has it', async () => {
    const { administration, stores } = await createAdministered();
    await administration.clients.add(service, by);
    const before = await stores.clients.find('reports');
    const again = await refusalOf(administration.clients.add({ ...service, scopes: [] }, by));
    expect(again).toMatchObject({ problem: 'conflict', message: expect.stringContaining('taken by another client') });
    const configured = await refusalOf(administration.clients.add({ ...service, id: 'back-office' }, by));
    expect(configured).toMatchObject({ problem: 'conflict', message: expect.stringContaining('the configuration') });
    expect([await stores.clients.find('reports'), await stores.clients.find('back-office')]).toEqual([
      before,
      undefined,
    ]);
  });
});

test('those of the configuration and of the store are listed together, by id', async () => {
  const { administration } = await createAdministered({ clients: [makeClient('z'), makeClient('b')] });
  for (const id of ['c', 'a']) await administration.clients.add({ ...service, id }, by);
  const list = await administration.clients.list();
  expect(list.map(({ id, from }) => [id, from])).toEqual([
    ['a', 'store'],
    ['b', 'configuration'],
    ['c', 'store'],
    ['z', 'configuration'],
  ]);
  expect(await administration.clients.find('a')).toEqual(list[0]);
  expect(await administration.clients.find('b')).toEqual(list[1]);
  expect(await refusalOf(administration.clients.find('d'))).toMatchObject({
    problem: 'not-found',
    message: 'there is no client "d"',
  });
});

describe('another secret', () => {
  test('the one before works for the overlap, and no third one does', async () => {
    const given = await createAdministered();
    const { administration, stores, events } = given;
    await administration.clients.add(service, by);
    given.now += 100;
    const { secret, client } = await administration.clients.rotateSecret('reports', 3_600, by);
    expect(client.secrets).toEqual([
      { createdAt: 1_700_000_000, expiresAt: 1_700_003_700 },
      { createdAt: 1_700_000_100 },
    ]);
    const stored = await stores.clients.find('reports');
    expect(stored?.secrets.at(-1)?.hash).toBe(hashSecret(secret));
    expect((await administration.clients.rotateSecret('reports', 3_600, by)).client.secrets).toHaveLength(2);
    expect((await events()).at(-1)).toEqual({
      type: 'client.changed',
      clientId: 'reports',
      actor: 'ada',
      address: '192.0.2.7',
      detail: 'new secret; the one before works for 3600 s',
    });
    given.now += 3_600;
    expect((await administration.clients.find('reports')).secrets).toHaveLength(1);
  });

  test('without an overlap the one before ends now', async () => {
    const { administration } = await createAdministered();
    await administration.clients.add(service, by);
    const { client } = await administration.clients.rotateSecret('reports', 0, by);
    expect(client.secrets).toHaveLength(1);
  });

  test.each([-1, 1.5, 2_592_001, Number.NaN, '5' as unknown as number])(
    'an overlap of %p is refused',
    async (overlap) => {
      const { administration } = await createAdministered();
      await administration.clients.add(service, by);
      const { problem, fields } = await refusalOf(administration.clients.rotateSecret('reports', overlap, by));
      expect([problem, Object.keys(fields!)]).toEqual(['invalid', ['overlap']]);
    },
  );

  test('is not for public clients, those of the configuration, and those that are not there', async () => {
    const { administration } = await createAdministered();
    await administration.clients.add(browserApp, by);
    const refusals = await Promise.all(
      ['storefront', 'back-office', 'nobody'].map((id) => refusalOf(administration.clients.rotateSecret(id, 0, by))),
    );
    expect(refusals.map(({ problem, message }) => [problem, message])).toEqual([
      ['conflict', 'the client "storefront" is public: it cannot keep a secret and has none'],
      ['conflict', 'the client "back-office" is from the configuration: change it under oauth.clients there'],
      ['not-found', 'there is no client "nobody"'],
    ]);
  });
});

describe('disabling', () => {
  test('revokes its tokens and grants, and nobody else’s', async () => {
    const given = await createAdministered();
    const { administration, revocations, stores, events } = given;
    await administration.clients.add(browserApp, by);
    const grant = await keepGrant(given, 'g1');
    const other = await keepGrant(given, 'g2', { clientId: 'another' });
    const service = { ...principalOf(grant), grantId: undefined };
    const client = await administration.clients.setDisabled('storefront', true, by);
    expect(client.disabled).toBe(true);
    expect((await stores.clients.find('storefront'))?.disabled).toBe(true);
    expect([principalOf(grant), principalOf(other), service].map((token) => revocations.covers(token))).toEqual([
      true,
      false,
      true,
    ]);
    expect((await stores.grants.list({}, { limit: 9 }, given.now)).map(({ id }) => id)).toEqual(['g2']);
    expect((await events()).slice(1)).toEqual([
      expect.objectContaining({
        type: 'grant.revoked',
        grantId: 'g1',
        detail: 'the client was disabled',
        actor: 'ada',
      }),
      { type: 'client.changed', clientId: 'storefront', actor: 'ada', address: '192.0.2.7', detail: 'disabled' },
    ]);
  });

  test('a client that is enabled again starts anew', async () => {
    const { administration, revocations, events } = await createAdministered();
    await administration.clients.add(service, by);
    await administration.clients.setDisabled('reports', true, by);
    const { epoch } = revocations;
    expect((await administration.clients.setDisabled('reports', false, by)).disabled).toBe(false);
    expect(revocations.epoch).toBe(epoch);
    expect((await events()).at(-1)?.detail).toBe('enabled');
  });

  test('is not for clients of the configuration, nor those that are not there', async () => {
    const { administration, events } = await createAdministered();
    const refusals = await Promise.all(
      ['back-office', 'nobody'].map((id) => refusalOf(administration.clients.setDisabled(id, true, by))),
    );
    expect(refusals.map(({ problem }) => problem)).toEqual(['conflict', 'not-found']);
    expect(await events()).toEqual([]);
  });
});
