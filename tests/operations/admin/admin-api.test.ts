import request from 'supertest';
import { HasherBusyError } from '../../../src/oauth/users/password-hasher.ts';
import { createMemoryClientStore } from '../../../src/stores/memory/memory-client-store.ts';
import { createMemoryUserStore } from '../../../src/stores/memory/memory-user-store.ts';
import { StoreError } from '../../../src/stores/store-error.ts';
import { keepGrant, principalOf } from '../../oauth/administration/administered.ts';
import { makeClient } from '../../oauth/make-client.ts';
import { adminToken, createOperator } from './operator.ts';

const service = { id: 'reports', grants: ['client_credentials'], scopes: ['customers:read'] };
const ada = { username: 'ada@example.com', password: 'correct horse', roles: ['clerk'] };
const good = { Authorization: `Bearer ${adminToken}` };

describe('clients', () => {
  test('are added, found, given another secret, disabled and enabled', async () => {
    const { as, administered } = await createOperator();
    const added = await as('post', '/clients', service);
    expect([added.status, added.headers.location]).toEqual([201, '/admin/clients/reports']);
    expect(added.body).toMatchObject({ client: { id: 'reports', from: 'store' }, secret: expect.any(String) });

    const found = await as('get', '/clients/reports');
    expect([found.status, found.body]).toEqual([200, added.body.client]);

    const rotated = await as('post', '/clients/reports/secret', { overlap: 60 });
    expect([rotated.status, rotated.body.client.secrets]).toEqual([
      200,
      [{ createdAt: administered.now, expiresAt: administered.now + 60 }, { createdAt: administered.now }],
    ]);
    expect(rotated.body.secret).not.toBe(added.body.secret);

    expect((await as('patch', '/clients/reports', { disabled: true })).body.disabled).toBe(true);
    expect((await as('patch', '/clients/reports', { disabled: false })).body.disabled).toBe(false);
    expect((await administered.events()).map(({ detail }) => detail)).toEqual([
      'confidential, grants: client_credentials, scopes: customers:read',
      'new secret; the one before works for 60 s',
      'disabled',
      'enabled',
    ]);
  });

  test('without a body the secret before works for 24 h', async () => {
    const { as, administered } = await createOperator();
    await as('post', '/clients', service);
    const { body } = await as('post', '/clients/reports/secret');
    expect(body.client.secrets[0].expiresAt).toBe(administered.now + 86_400);
  });

  test('a secret is shown once', async () => {
    const { as, administered } = await createOperator();
    const { secret } = (await as('post', '/clients', service)).body;
    const rest = await Promise.all([as('get', '/clients'), as('get', '/clients/reports'), as('get', '/audit')]);
    expect(rest.map(({ text }) => text).join()).not.toContain(secret);
    expect(JSON.stringify(await administered.stores.clients.list())).not.toContain(secret);
  });

  test('are listed in parts', async () => {
    const { as } = await createOperator({ clients: ['a', 'c', 'e'].map((id) => makeClient(id)) });
    for (const id of ['b', 'd']) await as('post', '/clients', { ...service, id });
    const ids: string[] = [];
    let next: string | undefined;
    do {
      const { body } = await as('get', `/clients?limit=2${next === undefined ? '' : `&after=${next}`}`);
      ids.push(body.items.map(({ id }: { id: string }) => id).join());
      next = body.next;
    } while (next !== undefined);
    expect(ids).toEqual(['a,b', 'c,d', 'e']);
  });

  test('what is wrong is a problem that names each field', async () => {
    const { as } = await createOperator();
    const answer = await as('post', '/clients', { ...service, scopes: ['nothing'], grants: [] });
    expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/problem+json']);
    expect(answer.body).toEqual({
      type: 'urn:garita:problem:admin-invalid',
      title: 'Bad Request',
      status: 400,
      code: 'ADMIN_INVALID',
      requestId: answer.headers['x-request-id'],
      detail: expect.stringContaining('the client cannot be taken: '),
      errors: {
        grants: 'expected at least one grant, got an empty list',
        'scopes[0]': 'the scope "nothing" is not declared in oauth.scopes',
      },
    });
  });
});

describe('users', () => {
  test('are added, found by id and name, changed, and given another password', async () => {
    const { as, administered } = await createOperator();
    const added = await as('post', '/users', ada);
    const { id } = added.body;
    expect([added.status, added.headers.location]).toEqual([201, `/admin/users/${id}`]);
    for (const name of [id, 'ada%40example.com', 'ADA@example.com']) {
      expect((await as('get', `/users/${name}`)).body).toEqual(added.body);
    }
    const changed = await as('patch', '/users/ada@example.com', { disabled: true, roles: ['admin'] });
    expect([changed.status, changed.body]).toEqual([200, { ...added.body, disabled: true, roles: ['admin'] }]);
    expect((await as('put', `/users/${id}/password`, { password: 'another one' })).status).toBe(200);
    const { passwordHash } = (await administered.stores.users.find(id))!;
    expect(await administered.hasher.verify('another one', passwordHash)).toBe(true);
    const told = JSON.stringify([await administered.events(), (await as('get', '/users')).body]);
    for (const secret of ['another one', ada.password, 'scrypt']) expect(told).not.toContain(secret);
  });

  test('a name with a slash and a percent sign is one name', async () => {
    const { as } = await createOperator();
    const username = 'a/b%2fc?d#é';
    const { body } = await as('post', '/users', { ...ada, username });
    expect((await as('get', `/users/${encodeURIComponent(username)}`)).body).toEqual(body);
  });

  test('are listed in parts', async () => {
    const { as } = await createOperator();
    for (const username of ['c', 'a', 'b']) await as('post', '/users', { ...ada, username });
    const first = (await as('get', '/users?limit=2')).body;
    expect([first.items.map(({ username }: { username: string }) => username), first.next]).toEqual([['a', 'b'], 'b']);
    const second = (await as('get', '/users?limit=2&after=b')).body;
    expect([second.items.length, 'next' in second]).toEqual([1, false]);
  });

  test('who live elsewhere are refused', async () => {
    const { as } = await createOperator({ users: undefined });
    const answer = await as('post', '/users', ada);
    expect([answer.status, answer.body.code]).toEqual([409, 'ADMIN_UNSUPPORTED']);
  });

  test('a password that is refused is not repeated', async () => {
    const { as } = await createOperator();
    await as('post', '/users', ada);
    for (const answer of [
      await as('put', '/users/ada@example.com/password', { password: 'tooshort1' }),
      await as('post', '/users', { ...ada, username: 'bob', password: 'tooshort1' }),
      await as('put', '/users/ada@example.com/password').type('json').send('{"password": "tooshort1'),
    ]) {
      expect(answer.status).toBe(400);
      expect(answer.text).not.toContain('tooshort1');
    }
  });
});

test('grants are listed by user and client, in parts, and revoked', async () => {
  const { as, administered } = await createOperator();
  for (const id of ['g1', 'g2', 'g3']) {
    administered.now += 1;
    await keepGrant(administered, id);
  }
  const other = await keepGrant(administered, 'g4', { subject: 'user-2', clientId: 'other' });
  const idsOf = async (query: string) =>
    (await as('get', `/grants${query}`)).body.items.map(({ id }: { id: string }) => id).join();
  expect(await idsOf('?subject=user-1&clientId=storefront')).toBe('g3,g2,g1');
  expect(await idsOf('?clientId=other')).toBe('g4');
  const first = (await as('get', '/grants?subject=user-1&limit=2')).body;
  expect(first.next).toBe('g2');
  expect(await idsOf(`?subject=user-1&limit=2&after=${first.next}`)).toBe('g1');

  const revoked = await as('delete', '/grants/g4');
  expect([revoked.status, revoked.text]).toEqual([204, '']);
  expect(administered.revocations.covers(principalOf(other))).toBe(true);
  expect(await idsOf('?clientId=other')).toBe('');
  const unknown = await as('delete', '/grants/nothing');
  expect([unknown.status, unknown.body.code]).toEqual([404, 'ADMIN_NOT_FOUND']);
});

test('revocations are made, listed, and in force', async () => {
  const { as, administered } = await createOperator();
  const grant = await keepGrant(administered, 'g1');
  expect((await as('post', '/revocations', { level: 'user', id: 'user-1' })).status).toBe(204);
  expect(administered.revocations.covers(principalOf(grant))).toBe(true);
  expect((await as('post', '/revocations', { level: 'everything' })).status).toBe(204);
  const { items } = (await as('get', '/revocations')).body;
  const until = administered.now + 930;
  expect(items).toEqual([
    { level: 'user', id: 'user-1', until },
    { level: 'grant', id: 'g1', until },
    { level: 'everything', until },
  ]);
  expect((await as('post', '/revocations', { level: 'grant' })).body.errors).toHaveProperty('id');
});

test('keys are listed, rotated and dropped', async () => {
  const { as, administered } = await createOperator();
  const rotated = await as('post', '/keys');
  expect([rotated.status, rotated.body.state]).toEqual([201, 'next']);
  const { items } = (await as('get', '/keys')).body;
  expect(items.map(({ state }: { state: string }) => state)).toEqual(['active', 'next']);
  expect((await as('post', '/keys')).status).toBe(409);
  expect((await as('delete', `/keys/${items[0].id}`)).status).toBe(204);
  expect((await as('delete', `/keys/${items[0].id}`)).status).toBe(404);
  expect(administered.keys.find(items[0].id)).toBeUndefined();
});

test('the audit is queried by what was done, by whom, to whom and when, in parts', async () => {
  const { as, administered } = await createOperator();
  await as('post', '/clients', service);
  administered.now += 100;
  await as('post', '/users', ada);
  await as('patch', '/clients/reports', { disabled: true });
  const query = async (text: string) => (await as('get', `/audit${text}`)).body;
  const typesOf = async (text: string) => (await query(text)).items.map(({ type }: { type: string }) => type).join();
  expect(await typesOf('')).toBe('client.changed,user.added,client.added');
  expect(await typesOf('?type=user.added')).toBe('user.added');
  expect(await typesOf('?clientId=reports&actor=admin%20token')).toBe('client.changed,client.added');
  expect(await typesOf(`?since=${administered.now}`)).toBe('client.changed,user.added');
  expect(await typesOf(`?until=${administered.now}`)).toBe('client.added');
  expect(await typesOf(`?since=${administered.now - 0.5}&until=${administered.now}`)).toBe('');
  expect(await typesOf('?actor=nobody')).toBe('');
  const first = await query('?limit=2');
  expect(first.next).toBe(String(first.items[1].id));
  expect(await typesOf(`?limit=2&after=${first.next}`)).toBe('client.added');
});

test('instances and routes are shown', async () => {
  const instance = { id: '10.0.0.1:80', origin: 'http://10.0.0.1', weight: 1 };
  const plan = [
    {
      id: 'customers.read',
      path: '/customers/*',
      priority: 0,
      service: 'customers',
      access: { kind: 'public' } as const,
      policies: ['cache'],
    },
  ];
  const { as } = await createOperator({
    instances: () => [{ service: 'customers', state: { instance, reachable: false, inFlight: 3 } }],
    plan: () => plan,
  });
  expect((await as('get', '/instances')).body).toEqual({
    items: [
      { service: 'customers', instance: '10.0.0.1:80', origin: 'http://10.0.0.1', reachable: false, inFlight: 3 },
    ],
  });
  expect((await as('get', '/plan')).body).toEqual({ items: plan });
});

describe('queries', () => {
  test.each([
    ['/clients?limit=0', 'limit'],
    ['/clients?limit=501', 'limit'],
    ['/clients?limit=1e2', 'limit'],
    ['/clients?limit=-1', 'limit'],
    ['/clients?limit=1&limit=2', 'limit'],
    ['/users?after=', 'after'],
    ['/grants?client=x', 'client'],
    ['/audit?type=everything', 'type'],
    ['/audit?since=yesterday', 'since'],
    ['/audit?until=-1', 'until'],
    ['/audit?after=x', 'after'],
    ['/keys?limit=1', 'limit'],
  ])('%s is refused', async (path, field) => {
    const { as } = await createOperator();
    const { status, body } = await as('get', path);
    expect([status, body.code, Object.keys(body.errors)]).toEqual([400, 'ADMIN_INVALID', [field]]);
  });

  test('50 at a time, 500 at most', async () => {
    const { as, administered } = await createOperator();
    for (let i = 0; i < 501; i += 1) await administered.audit.record({ type: 'user.signed-in' });
    expect((await as('get', '/audit')).body.items).toHaveLength(50);
    expect((await as('get', '/audit?limit=500')).body).toMatchObject({ next: expect.any(String) });
    expect((await as('get', '/audit?limit=500')).body.items).toHaveLength(500);
  });
});

describe('bodies', () => {
  test.each([
    'application/x-www-form-urlencoded',
    'text/plain',
    'application/jsonx',
    'application/merge-patch+json',
    'multipart/form-data; boundary=x',
  ])('of the type %s are refused', async (type) => {
    const { call, administered } = await createOperator();
    const { status, body } = await call('post', '/clients', good)
      .set('Content-Type', type)
      .send(JSON.stringify(service));
    expect([status, body.code]).toEqual([415, 'ADMIN_MEDIA_TYPE']);
    expect(await administered.stores.clients.list()).toEqual([]);
  });

  test('compressed, in another character set, or without a type are refused', async () => {
    const { call } = await createOperator();
    const text = JSON.stringify(service);
    const send = (headers: Record<string, string>) => {
      const test = call('post', '/clients', { ...good, ...headers });
      test.write(text);
      return test;
    };
    for (const headers of [
      { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
      { 'Content-Type': 'application/json; charset=koi8-r' },
      {} as Record<string, string>,
    ]) {
      expect((await send(headers)).status).toBe(415);
    }
    expect((await send({ 'Content-Type': 'application/json; charset=utf-8' })).status).toBe(201);
  });

  test.each(['{', '"text"', 'null', '7', '{"a":1}}'])('%s is no JSON object', async (text) => {
    const { call } = await createOperator();
    const { status, body } = await call('post', '/clients', good).type('json').send(text);
    expect([status, body.code, body.detail]).toEqual([400, 'ADMIN_BAD_REQUEST', 'The body is not a JSON object.']);
  });

  test.each([
    ['post', '/clients'],
    ['post', '/users'],
    ['post', '/revocations'],
    ['patch', '/clients/x'],
    ['patch', '/users/x'],
    ['put', '/users/x/password'],
  ] as const)('%s %s needs one, without unknown members', async (method, path) => {
    const { as } = await createOperator();
    for (const body of [
      undefined,
      {},
      [],
      { level: 'everything', disabled: true, password: 'long enough', extra: 1 },
    ]) {
      const answer = await as(method, path, body);
      expect([answer.status, answer.body.code]).toEqual([400, 'ADMIN_INVALID']);
    }
  });

  test('of more than 64 kB are refused', async () => {
    const { as, administered } = await createOperator();
    const { status, body } = await as('post', '/clients', { ...service, name: 'x'.repeat(64_000) });
    expect([status, body.code]).toEqual([413, 'ADMIN_BODY_TOO_LARGE']);
    expect(await administered.stores.clients.list()).toEqual([]);
  });

  test('of those who may not administer are not read', async () => {
    const { call } = await createOperator();
    expect((await call('post', '/clients').type('json').send('{')).status).toBe(401);
  });

  test('__proto__ changes nothing but is refused or harmless', async () => {
    const { call } = await createOperator();
    const text =
      '{"username":"eve","password":"long enough","__proto__":{"disabled":true},"attributes":{"__proto__":{"a":1}}}';
    const { body } = await call('post', '/users', good).type('json').send(text);
    expect(body.disabled).not.toBe(true);
    expect(({} as { a?: number }).a).toBeUndefined();
  });
});

describe('paths and methods', () => {
  test.each([
    ['put', '/clients', 'GET, HEAD, POST'],
    ['delete', '/clients/x', 'GET, HEAD, PATCH'],
    ['get', '/clients/x/secret', 'POST'],
    ['get', '/grants/x', 'DELETE'],
    ['options', '/keys', 'GET, HEAD, POST'],
    ['post', '/openapi.json', 'GET, HEAD'],
  ] as const)('%s %s is not supported: %s are', async (method, path, allowed) => {
    const { as } = await createOperator();
    const answer = await as(method, path);
    expect([answer.status, answer.headers.allow, answer.body.code]).toEqual([405, allowed, 'ADMIN_METHOD_NOT_ALLOWED']);
  });

  test.each(['/', '/nothing', '/clients/x/y', '/Clients'])('%s is not served', async (path) => {
    const { as } = await createOperator();
    const answer = await as('get', path);
    expect([answer.status, answer.body.code]).toEqual([404, 'ADMIN_UNKNOWN_PATH']);
  });

  test('a path that cannot be decoded is refused', async () => {
    const { as } = await createOperator();
    const answer = await as('get', '/users/%zz');
    expect([answer.status, answer.body.code]).toEqual([400, 'ADMIN_BAD_REQUEST']);
  });

  test('HEAD is GET without a body', async () => {
    const { as } = await createOperator();
    const answer = await as('head', '/keys');
    expect([answer.status, answer.text]).toEqual([200, undefined]);
  });
});

describe('failures', () => {
  test('of the store are told to the log, and worth another try', async () => {
    const clients = { ...createMemoryClientStore(), list: () => Promise.reject(new StoreError('disk /dev/x is full')) };
    const { as, log } = await createOperator({ stores: { clients } });
    const answer = await as('get', '/clients');
    expect([answer.status, answer.body.code, answer.headers['retry-after']]).toEqual([503, 'ADMIN_UNAVAILABLE', '5']);
    expect(answer.text).not.toContain('/dev/x');
    expect(log).toEqual([
      {
        message: 'a request to the admin API failed',
        fields: { id: answer.body.requestId, path: '/clients', error: expect.any(StoreError) },
      },
    ]);
  });

  test('of a hasher that is busy too', async () => {
    const users = { ...createMemoryUserStore(), findByUsername: () => Promise.reject(new HasherBusyError()) };
    const { as } = await createOperator({ stores: { users } });
    const answer = await as('post', '/users', ada);
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '2']);
  });

  test('of ours stay in the log', async () => {
    const clients = { ...createMemoryClientStore(), list: () => Promise.reject(new Error('a secret of the house')) };
    const { as, log } = await createOperator({ stores: { clients } });
    const answer = await as('get', '/clients');
    expect([answer.status, answer.body.code]).toEqual([500, 'ADMIN_FAILED']);
    expect(answer.text).not.toContain('house');
    expect(log).toHaveLength(1);
  });
});

test('no answer is ever stored, guessed at, or without an id', async () => {
  const { app, as, call } = await createOperator();
  for (const answer of [await as('get', '/keys'), await call('get', '/keys'), await as('post', '/clients', service)]) {
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.headers['x-powered-by']).toBeUndefined();
  }
  const elsewhere = await request(app).get('/clients').set(good);
  expect(elsewhere.status).toBe(404);
});
