import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { users as usersSchema } from '../../../src/config/users.ts';
import { createHttpDirectory } from '../../../src/oauth/users/http-directory.ts';
import { createTransport } from '../../../src/transport/transport.ts';
import { always, refusingPort, type Script, startScriptedUpstream } from '../../support/scripted-upstream.ts';
import { type RunningService, startService } from '../../support/start-service.ts';
import { createRecordedLog } from './record-log.ts';

const transport = createTransport({ connectionsPerInstance: 16 });
afterAll(() => transport.close());

const secret = 'demo-only-secret-of-this-test';

function openDirectory(url: string, settings: object = {}, mapping: object = {}) {
  const recorded = createRecordedLog();
  const time = { now: 0 };
  const config = usersSchema.parse({
    use: 'http',
    with: { url, secret, find: '/users/{sub}/claims', ...settings },
    ...mapping,
  }) as Parameters<typeof createHttpDirectory>[0]['config'];
  const directory = createHttpDirectory({ config, transport, clock: () => time.now, log: recorded.log });
  return { ...recorded, directory, time };
}

async function scripted(script: Script, settings: object = {}, mapping: object = {}) {
  const upstream = await startScriptedUpstream(script);
  return { upstream, ...openDirectory(upstream.url, settings, mapping) };
}

const json = (document: unknown): Script => always(200, ['Content-Type: application/json'], JSON.stringify(document));

describe("over the demo's users service", () => {
  let folder: string;
  let service: RunningService;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'garita-http-directory-'));
    const DATABASE = join(folder, 'users.db');
    service = await startService('examples/demo/users/main.ts', {
      DATABASE,
      SERVICE_SECRET: secret,
      SEED_DEMO_USERS: '1',
    });
  });

  afterAll(async () => {
    await service.stop();
    await rm(folder, { recursive: true });
  });

  const setStatus = (sub: string, status: string) =>
    fetch(`${service.url}/users/${sub}/status`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ status }),
    });

  test('a user signs in by username or e-mail, is found again, and is gone while disabled', async () => {
    const { directory } = openDirectory(service.url, {}, { claims: { name: 'name', mail: 'email' } });
    const signedIn = await directory.authenticate('ada@example.com', 'demo-only-password');
    expect(signedIn).toEqual({
      outcome: 'ok',
      user: {
        subject: expect.stringMatching(/^[0-9a-f-]{36}$/),
        roles: ['support'],
        claims: { name: 'Ada Lovelace', mail: 'ada@example.com' },
      },
    });
    const { subject } = (signedIn as { user: { subject: string } }).user;
    expect(await directory.authenticate('ada', 'demo-only-password')).toEqual(signedIn);
    expect(await directory.find(subject)).toEqual(signedIn);

    await setStatus(subject, 'disabled');
    expect(await directory.authenticate('ada', 'demo-only-password')).toEqual({ outcome: 'disabled' });
    expect(await directory.authenticate('ada', 'another-password')).toEqual({ outcome: 'wrong' });
    expect(await directory.find(subject)).toEqual({ outcome: 'gone' });
    await setStatus(subject, 'active');
    expect(await directory.find(subject)).toEqual(signedIn);
  });

  test('a wrong password and an unknown user are told apart by nobody', async () => {
    const { directory } = openDirectory(service.url);
    expect(await directory.authenticate('ada', 'wrong')).toEqual({ outcome: 'wrong' });
    expect(await directory.authenticate('nobody', 'wrong')).toEqual({ outcome: 'wrong' });
    expect(await directory.find('nobody')).toEqual({ outcome: 'gone' });
  });

  test("the user's own document serves too, as long as the account may be used", async () => {
    const { directory } = openDirectory(
      service.url,
      { find: '/users/{sub}' },
      { claims: { preferred_username: 'username' } },
    );
    const signedIn = await directory.authenticate('luis', 'demo-only-luis-password');
    const { subject } = (signedIn as { user: { subject: string } }).user;
    const user = { subject, roles: ['sales'], claims: { preferred_username: 'luis' } };
    expect(await directory.find(subject)).toEqual({ outcome: 'ok', user });
    await setStatus(subject, 'disabled');
    expect(await directory.find(subject)).toEqual({ outcome: 'gone' });
    await setStatus(subject, 'active');
  });

  test('a credential that the service refuses is no wrong password, and the log shouts', async () => {
    const { directory, lines } = openDirectory(service.url, { secret: 'demo-only-another-secret' });
    const unavailable = { outcome: 'unavailable', retryAfter: 2, reason: expect.stringContaining('credential') };
    expect(await directory.authenticate('ada', 'demo-only-password')).toEqual(unavailable);
    expect(await directory.find('x')).toEqual(unavailable);
    expect(lines.map(({ level }) => level)).toEqual(['error', 'error']);
    expect(lines[0]!.message).toContain('oauth.users.with.secret');
    expect(JSON.stringify(lines)).not.toContain('demo-only');
  });
});

test('sends username and password as JSON, with the credential, below the path of the service', async () => {
  const upstream = await startScriptedUpstream(json({ sub: 'u1', claims: {} }));
  const { directory } = openDirectory(`${upstream.url}/internal/`, { verify: '/check', find: '/who/{sub}' });
  await directory.authenticate('añá "x"', 'p\\w\u0000');
  await directory.find('a/b?c#d é');
  const [post, get] = upstream.requests;
  expect([post!.method, post!.target]).toEqual(['POST', '/internal/check']);
  expect(post!.header('authorization')).toBe(`Bearer ${secret}`);
  expect(post!.header('content-type')).toBe('application/json');
  expect(JSON.parse(Buffer.from(await post!.body, 'latin1').toString())).toEqual({
    username: 'añá "x"',
    password: 'p\\w\u0000',
  });
  expect([get!.method, get!.target]).toEqual(['GET', '/internal/who/a%2Fb%3Fc%23d%20%C3%A9']);
  expect(get!.header('authorization')).toBe(`Bearer ${secret}`);
});

test('without a place to look users up, what sign-in told holds', async () => {
  const config = usersSchema.parse({ use: 'http', with: { url: 'http://127.0.0.1:9', secret } });
  if (config.use !== 'http') throw new Error('another directory');
  const directory = createHttpDirectory({ config, transport, clock: () => 0, log: createRecordedLog().log });
  expect(await directory.find('u1')).toEqual({ outcome: 'unknown' });
});

test('attributes are mapped as configured; what is missing or null is left out', async () => {
  const claims = { access: { roles: ['a', 'b', 'a'] }, 'x.y': 1, deep: { tenant: 'north' }, none: null };
  const { directory } = await scripted(
    json({ sub: 'u1', claims }),
    {},
    {
      roles: 'access.roles',
      claims: {
        dotted: 'x.y',
        tenant: 'deep.tenant',
        none: 'none',
        missing: 'deep.tenant.x',
        proto: 'constructor.name',
      },
    },
  );
  expect(await directory.authenticate('u', 'p')).toEqual({
    outcome: 'ok',
    user: { subject: 'u1', roles: ['a', 'b'], claims: { dotted: 1, tenant: 'north' } },
  });
});

describe('an answer that is not as agreed is never a wrong password', () => {
  test.each<[string, unknown]>([
    ['no object', ['u1']],
    ['null', null],
    ['no sub', { claims: {} }],
    ['an empty sub', { sub: '', claims: {} }],
    ['a long sub', { sub: 'x'.repeat(256), claims: {} }],
    ['a numeric sub', { sub: 7, claims: {} }],
    ['a sub of dots', { sub: '..', claims: {} }],
    ['a sub of two lines', { sub: 'a\nb', claims: {} }],
    ['a broken sub', { sub: '\ud800', claims: {} }],
    ['no claims', { sub: 'u1' }],
    ['a list of claims', { sub: 'u1', claims: [] }],
    ['roles as text', { sub: 'u1', claims: { roles: 'admin' } }],
    ['roles of another type', { sub: 'u1', claims: { roles: [1] } }],
    ['more than fits into a token', { sub: 'u1', claims: { name: 'x'.repeat(4_000) } }],
    ['more than is read', { sub: 'u1', claims: {}, more: 'x'.repeat(64_000) }],
  ])('%s', async (_, document) => {
    const { directory } = await scripted(json(document));
    expect(await directory.authenticate('u', 'p')).toMatchObject({ outcome: 'unavailable', retryAfter: 2 });
  });

  test.each([201, 204, 301, 302, 307, 400, 403, 404, 500, 502])('status %d', async (status) => {
    const { directory, upstream } = await scripted(always(status, ['Location: /elsewhere']));
    const reason = `the users service answers ${status}`;
    expect(await directory.authenticate('u', 'p')).toEqual({ outcome: 'unavailable', retryAfter: 2, reason });
    expect(upstream.requests).toHaveLength(1);
  });

  test.each<[string, Script]>([
    ['no JSON', always(200, [], '<html>')],
    ['cut off', (_, socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{')],
    ['no HTTP', (_, socket) => socket.end('hello\r\n\r\n')],
    ['none, and the connection ends', (_, socket) => socket.destroy()],
  ])('%s', async (_, script) => {
    const { directory } = await scripted(script);
    expect(await directory.authenticate('u', 'p')).toMatchObject({ outcome: 'unavailable', retryAfter: 2 });
  });

  test.each<[string, Script]>([
    ['never comes', () => {}],
    ['never ends', (_, socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{')],
  ])('one that %s', async (_, script) => {
    const { directory, upstream } = await scripted(script, { timeout: '100ms' });
    expect(await directory.authenticate('u', 'p')).toMatchObject({ outcome: 'unavailable', retryAfter: 2 });
    await upstream.disconnected();
  });

  test('nobody there', async () => {
    const { directory } = openDirectory(`http://127.0.0.1:${await refusingPort()}`);
    expect(await directory.authenticate('u', 'p')).toMatchObject({ outcome: 'unavailable', retryAfter: 2 });
  });
});

describe('401', () => {
  const challenge = 'WWW-Authenticate: Bearer';
  test.each<[string, string[], string, string]>([
    ['alone', [], '', 'wrong'],
    ['with a body that is no JSON', [], 'no', 'wrong'],
    ['of wrong credentials', [], '{"code":"wrong_credentials"}', 'wrong'],
    ['of wrong credentials, with a challenge', [challenge], '{"code":"wrong_credentials"}', 'wrong'],
    ['with a challenge', [challenge], '', 'unavailable'],
    ["of the gateway's credential", [], '{"code":"service_credential_required"}', 'unavailable'],
  ])('%s', async (_, fields, body, outcome) => {
    const { directory, lines } = await scripted(always(401, fields, body));
    expect(await directory.authenticate('u', 'p')).toMatchObject({ outcome });
    expect(lines).toHaveLength(outcome === 'wrong' ? 0 : 1);
  });
});

test.each<[number, string[], number]>([
  [503, ['Retry-After: 7'], 7],
  [429, ['Retry-After: 0'], 1],
  [429, ['Retry-After: 86400'], 60],
  [503, ['Retry-After: soon'], 2],
  [503, [], 2],
  [500, ['Retry-After: 7'], 2],
])('%d with %j: again after %d s', async (status, fields, retryAfter) => {
  const { directory } = await scripted(always(status, fields));
  expect(await directory.authenticate('u', 'p')).toMatchObject({ outcome: 'unavailable', retryAfter });
  expect(await directory.find('u')).toMatchObject({ outcome: 'unavailable', retryAfter });
});

test.each([404, 410, 423])('a user whose look-up answers %d is gone', async (status) => {
  const { directory } = await scripted(always(status));
  expect(await directory.find('u')).toEqual({ outcome: 'gone' });
});

test('a look-up that tells of another user tells nothing', async () => {
  const { directory } = await scripted(json({ sub: 'u2', claims: {} }));
  expect(await directory.find('u1')).toMatchObject({ outcome: 'unavailable' });
  expect(await directory.find('u2')).toMatchObject({ outcome: 'ok' });
});

test('after five failures in a row nobody waits for a dead service; then one tries for all', async () => {
  let dead = true;
  const { directory, upstream, time } = await scripted((request, socket) => {
    if (dead) socket.destroy();
    else json({ sub: 'u1', claims: {} })(request, socket);
  });
  const outcomes = async (times: number) =>
    (await Promise.all(Array.from({ length: times }, () => directory.authenticate('u', 'p')))).map((a) => a.outcome);

  for (let i = 0; i < 5; i += 1) await directory.authenticate('u', 'p');
  expect(upstream.requests).toHaveLength(5);
  expect(await directory.find('u1')).toMatchObject({ outcome: 'unavailable', retryAfter: 2 });
  time.now += 1.9;
  expect(await directory.authenticate('u', 'p')).toMatchObject({ outcome: 'unavailable', retryAfter: 1 });
  expect(upstream.requests).toHaveLength(5);
  time.now += 0.1;
  expect(await outcomes(3)).toEqual(['unavailable', 'unavailable', 'unavailable']);
  expect(upstream.requests).toHaveLength(6);

  dead = false;
  expect(await outcomes(2)).toEqual(['unavailable', 'unavailable']);
  time.now += 2;
  expect((await outcomes(3)).sort()).toEqual(['ok', 'unavailable', 'unavailable']);
  expect(await outcomes(3)).toEqual(['ok', 'ok', 'ok']);
});

test('a service that answers, whatever it answers, goes on being asked', async () => {
  const { directory, upstream } = await scripted(always(503));
  for (let i = 0; i < 7; i += 1) await directory.authenticate('u', 'p');
  expect(upstream.requests).toHaveLength(7);
});

test('no password is in what is told or logged', async () => {
  for (const script of [always(500), always(401, ['WWW-Authenticate: Bearer']), always(200, [], 'p4ssw0rd')]) {
    const { directory, lines } = await scripted(script);
    expect(JSON.stringify([await directory.authenticate('u', 'p4ssw0rd'), lines])).not.toContain('p4ssw0rd');
  }
});
