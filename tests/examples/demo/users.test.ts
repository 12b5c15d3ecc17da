import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { BoundedQueue } from '../../../examples/demo/users/bounded-queue.ts';
import { createPasswordHasher } from '../../../examples/demo/users/password-hasher.ts';
import { createUsers } from '../../../examples/demo/users/user-store.ts';
import { type RunningService, startService } from '../../support/start-service.ts';

const main = 'examples/demo/users/main.ts';
const SERVICE_SECRET = 'a-secret-of-this-test';
const credential = { Authorization: `Bearer ${SERVICE_SECRET}` };
const password = 'correct horse battery';

let folder: string;
let database: string;
let service: RunningService;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'garita-users-'));
  database = join(folder, 'users.db');
  service = await startService(main, { DATABASE: database, SERVICE_SECRET, SEED_DEMO_USERS: '1' });
});

afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true });
});

const send = (method: string, path: string, body: unknown, headers: Record<string, string> = credential) =>
  fetch(service.url + path, {
    method,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

const registration = (username: string) => ({
  username,
  password,
  email: `${username}@example.com`,
  displayName: 'Eva Núñez',
});
const readRow = (username: string) => {
  const db = new DatabaseSync(database, { readOnly: true });
  const row = db.prepare('SELECT * FROM users WHERE username = ?').get(username);
  db.close();
  return row!;
};
const register = (fields: object) => send('POST', '/users', fields, {});
const verify = (username: string, tried: string) => send('POST', '/credentials/verify', { username, password: tried });

test.each([
  ['ada', 'demo-only-password', 'support'],
  ['luis', 'demo-only-luis-password', 'sales'],
])('the demo user %s is there, with a role', async (username, secret, role) => {
  const reply = await verify(username, secret);
  expect(reply.status).toBe(200);
  expect(await reply.json()).toMatchObject({
    sub: expect.stringMatching(/^[0-9a-f-]{36}$/),
    claims: { preferred_username: username, email: `${username}@example.com`, roles: [role] },
  });
});

test('an e-mail serves as well as a username, in whatever case', async () => {
  const [byName, byEmail, shouted] = await Promise.all(
    ['ada', 'ada@example.com', 'Ada@Example.COM'].map((name) => verify(name, 'demo-only-password')),
  );
  const known = await byName!.json();
  expect(known).toMatchObject({ claims: { name: 'Ada Lovelace' } });
  expect(await byEmail!.json()).toEqual(known);
  expect(await shouted!.json()).toEqual(known);
  expect((await verify('ada@example.com', 'not her password')).status).toBe(401);
});

test('a registered user can be verified, found, given roles, and disabled', async () => {
  const registered = await register(registration('eva'));
  expect(registered.status).toBe(201);
  const user = (await registered.json()) as { sub: string };
  expect(user).toMatchObject({ username: 'eva', displayName: 'Eva Núñez', roles: [], status: 'active' });
  expect(JSON.stringify(user)).not.toMatch(/password|scrypt/i);
  expect(registered.headers.get('location')).toBe(`/users/${user.sub}`);
  expect(registered.headers.get('cache-control')).toBe('no-store');

  const found = await fetch(`${service.url}/users/${user.sub}`, { headers: credential });
  expect(await found.json()).toEqual(user);
  expect((await send('PUT', `/users/${user.sub}/roles`, { roles: ['support', 'sales'] })).status).toBe(200);
  const verified = await (await verify('EVA', password)).json();
  expect(verified).toEqual({
    sub: user.sub,
    claims: { preferred_username: 'eva', name: 'Eva Núñez', email: 'eva@example.com', roles: ['support', 'sales'] },
  });
  const claims = () => fetch(`${service.url}/users/${user.sub}/claims`, { headers: credential });
  expect(await (await claims()).json()).toEqual(verified);

  expect((await send('PUT', `/users/${user.sub}/status`, { status: 'disabled' })).status).toBe(200);
  expect((await verify('eva', password)).status).toBe(423);
  expect((await verify('eva', `${password}!`)).status).toBe(401);
  expect((await claims()).status).toBe(423);
});

test('a wrong password and an unknown user get the same answer', async () => {
  const [wrong, unknown] = await Promise.all([verify('ada', 'not her password'), verify('nobody', 'not her password')]);
  expect([wrong!.status, unknown!.status]).toEqual([401, 401]);
  expect(wrong!.headers.get('www-authenticate')).toBeNull();
  const body = await wrong!.json();
  expect(body).toEqual(await unknown!.json());
  expect(body).toMatchObject({ code: 'wrong_credentials' });
});

test('a password is the same however its letters are composed', async () => {
  await register({ ...registration('zoe'), password: 'contraseña-larga'.normalize('NFD') });
  expect((await verify('zoe', 'contraseña-larga'.normalize('NFC'))).status).toBe(200);
});

test('a name is given once, whatever its case, also to two who ask at once', async () => {
  const taken = await register(registration('ADA'));
  expect(taken.status).toBe(409);
  expect(await taken.json()).toMatchObject({ code: 'username_taken' });
  const both = await Promise.all([register(registration('max')), register(registration('Max'))]);
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
});

test('an e-mail is given once, whatever its case, also to two who ask at once', async () => {
  const taken = await register({ ...registration('ada2'), email: 'ADA@example.com' });
  expect(taken.status).toBe(409);
  expect(await taken.json()).toMatchObject({ code: 'email_taken' });
  const both = await Promise.all(
    ['tom', 'tim'].map((username) => register({ ...registration(username), email: 't@example.com' })),
  );
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
});

test('a database of the first release keeps its users; who shared an e-mail signs in by username', async () => {
  const file = join(folder, 'first-release.db');
  const db = new DatabaseSync(file);
  createUsers(db);
  const { passwordHash } = readRow('ada');
  const add = db.prepare(
    `INSERT INTO users (sub, username, displayName, email, roles, status, createdAt, passwordHash)
     VALUES (?, ?, 'Eva', ?, '[]', 'active', ?, ?)`,
  );
  add.run('2', 'later', 'Eva@example.com', '2026-01-02', passwordHash!);
  add.run('1', 'first', 'eva@example.com', '2026-01-01', passwordHash!);
  db.exec('PRAGMA user_version = 1');
  db.close();

  const old = await startService(main, { DATABASE: file, SERVICE_SECRET, SEED_DEMO_USERS: '1' });
  const subOf = async (username: string) => {
    const body = JSON.stringify({ username, password: 'demo-only-password' });
    const headers = { 'Content-Type': 'application/json', ...credential };
    const reply = await fetch(`${old.url}/credentials/verify`, { method: 'POST', headers, body });
    return ((await reply.json()) as { sub?: string }).sub;
  };
  expect([await subOf('first'), await subOf('later'), await subOf('EVA@example.com')]).toEqual(['1', '2', '1']);
  expect(await subOf('ada@example.com')).toMatch(/^[0-9a-f-]{36}$/);
  await old.stop();
});

test.each([
  [{ ...registration('mia'), password: 'too short' }, 'password'],
  [{ ...registration('mia'), roles: ['admin'] }, 'roles'],
  [{ ...registration('mia'), sub: 'mine' }, 'sub'],
  [{ ...registration('mia'), username: 'm a' }, 'username'],
  [{ ...registration('mia'), email: 'mia' }, 'email'],
])('the registration %j is refused for its %s', async (fields, field) => {
  const reply = await register(fields);
  expect(reply.status).toBe(400);
  const problem = await reply.text();
  expect(JSON.parse(problem)).toMatchObject({ errors: [{ field }] });
  expect(problem).not.toContain(fields.password);
});

test.each([[['Admin']], [['a', 'a']], ['support'], [[7]]])('the roles %j are refused', async (roles) => {
  expect((await send('PUT', '/users/x/roles', { roles })).status).toBe(400);
});

test.each([
  ['POST', '/credentials/verify'],
  ['GET', '/users/x'],
  ['GET', '/users/x/claims'],
  ['PUT', '/users/x/roles'],
  ['PUT', '/users/x/status'],
])('%s %s needs the service credential', async (method, path) => {
  for (const Authorization of ['', 'Bearer', 'Bearer wrong', `Basic ${SERVICE_SECRET}`, `Bearer ${SERVICE_SECRET}x`]) {
    const headers: Record<string, string> = Authorization ? { Authorization } : {};
    const reply = await fetch(service.url + path, { method, headers });
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="users"');
    expect(await reply.json()).toMatchObject({ code: 'service_credential_required' });
  }
});

test('an unknown sub is 404', async () => {
  expect((await fetch(`${service.url}/users/x`, { headers: credential })).status).toBe(404);
  expect((await fetch(`${service.url}/users/x/claims`, { headers: credential })).status).toBe(404);
  expect((await send('PUT', '/users/x/roles', { roles: [] })).status).toBe(404);
});

test('a flood of passwords is turned away with Retry-After', async () => {
  const passwords = createPasswordHasher({ atOnce: 1, waitingAtMost: 0 });
  const [first, second] = await Promise.allSettled([passwords.hash(password), passwords.verify(password, undefined)]);
  expect(first.status).toBe('fulfilled');
  expect(second).toMatchObject({ reason: { status: 503, extras: { headers: { 'Retry-After': '2' } } } });
});

test('a queue runs few at once, in the order they came, and refuses what it has no room for', async () => {
  const queue = new BoundedQueue(2, 3, () => new Error('full'));
  const begun: number[] = [];
  let running = 0;
  let mostAtOnce = 0;
  const work = async (n: number) => {
    begun.push(n);
    running += 1;
    mostAtOnce = Math.max(mostAtOnce, running);
    await setImmediate();
    running -= 1;
    if (n === 1) throw new Error('failed');
  };
  const results = await Promise.allSettled([0, 1, 2, 3, 4, 5, 6].map((n) => queue.run(() => work(n))));
  expect(results.map((result) => (result.status === 'rejected' ? result.reason.message : 'done'))).toEqual([
    'done',
    'failed',
    'done',
    'done',
    'done',
    'full',
    'full',
  ]);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  expect(mostAtOnce).toBe(2);
  await expect(queue.run(async () => 'free again')).resolves.toBe('free again');
});

test('the file holds scrypt PHC strings and no password', () => {
  const rows = ['ada', 'luis'].map(readRow);
  for (const row of rows) expect(row.passwordHash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(JSON.stringify(rows)).not.toContain('demo-only');
});
