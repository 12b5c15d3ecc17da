// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment are the subject here
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStores } from '../../src/stores/open-stores.ts';
import { findFreePort } from './find-free-port.ts';
import { adminToken, startAdminListener } from './start-admin-listener.ts';
import { garita } from './surroundings.ts';

const head = 'version: 1\nissuer: http://127.0.0.1:8080\noauth: { signing: ES256 }\n';
const memory = 'store: { use: memory }\n';
const environment = { GARITA_ADMIN_TOKEN: adminToken };

let cwd: string;
const ends: (() => unknown)[] = [];
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'garita-administer-'));
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await rm(cwd, { recursive: true });
});

async function startListener() {
  const listener = await startAdminListener([], ['read']);
  ends.push(() => listener.close());
  return listener;
}

/** Something that listens, and is no gateway. */
async function startOther(answer: RequestListener): Promise<number> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => server.close().closeAllConnections());
  return (server.address() as AddressInfo).port;
}

const configure = (text: string): Promise<void> => writeFile(join(cwd, 'garita.yaml'), head + text);
const listenAt = (port: number, host = '127.0.0.1'): string => `listen: { operations: "${host}:${port}" }\n`;
const failure = (stderr: string) => ({ code: 1, stdout: '', stderr: `${stderr}\n` });

describe('the gateway that runs', () => {
  test('is found by the configuration', async () => {
    const { port } = await startListener();
    await configure(listenAt(port) + memory);
    expect(await garita(['client', 'list', '--json'], { cwd, environment })).toEqual({
      code: 0,
      stdout: '[]\n',
      stderr: '',
    });
  });

  test('is reached on this machine where it listens on every address', async () => {
    const { port } = await startListener();
    await configure(listenAt(port, '0.0.0.0') + memory);
    expect(await garita(['client', 'list'], { cwd, environment })).toMatchObject({ code: 0, stderr: '' });
  });

  test('is found on the port of the environment, as it was started with it', async () => {
    const { port } = await startListener();
    await configure(listenAt(await findFreePort()) + memory);
    const moved = { ...environment, OPERATIONS_PORT: String(port) };
    expect(await garita(['client', 'list'], { cwd, environment: moved })).toMatchObject({ code: 0, stderr: '' });
  });

  test('is found by --admin-url, without any configuration', async () => {
    const { port } = await startListener();
    const args = ['client', 'list', '--admin-url', `http://127.0.0.1:${port}/`];
    expect(await garita(args, { cwd, environment })).toMatchObject({ code: 0, stderr: '' });
  });

  test('is told the token of its configuration when there is none in the environment', async () => {
    const { port } = await startListener();
    await configure(`${listenAt(port)}${memory}admin: { token: "\${OTHER:-${adminToken}}" }\n`);
    expect(await garita(['client', 'list'], { cwd })).toMatchObject({ code: 0, stderr: '' });
    const refused = await garita(['client', 'list', '--admin-url', `http://127.0.0.1:${port}`], { cwd });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('set GARITA_ADMIN_TOKEN') });
  });

  test('takes an access token with the scope', async () => {
    const { port, issueToken } = await startListener();
    await configure(listenAt(port) + memory);
    const withScope = { GARITA_ADMIN_TOKEN: await issueToken('garita:admin') };
    expect(await garita(['client', 'add', '--id', 'a'], { cwd, environment: withScope })).toMatchObject({ code: 0 });
    const { stdout } = await garita(['audit', '--json'], { cwd, environment: withScope });
    expect(JSON.parse(stdout)).toMatchObject([{ type: 'client.added', actor: 'ada', address: '127.0.0.1' }]);
  });
});

describe('who may', () => {
  test.each([
    [
      'no token',
      async () => undefined,
      'asks who you are: set GARITA_ADMIN_TOKEN to the admin token of its configuration (admin.token), or to an access token with the scope garita:admin',
    ],
    ['an empty token', async () => ' ', 'asks who you are: set GARITA_ADMIN_TOKEN to the admin token'],
    [
      'a wrong token',
      async () => 'wrong',
      'refused GARITA_ADMIN_TOKEN: it has to be the admin token of its configuration (admin.token), or a live access token of this very gateway with the scope garita:admin',
    ],
    [
      'a token without the scope',
      (issue: (...scopes: string[]) => Promise<string>) => issue('read'),
      'GARITA_ADMIN_TOKEN is an access token without the scope garita:admin: get one with it, or set the admin token of the gateway (admin.token in its configuration)',
    ],
  ])('%s is explained', async (_what, choose, message) => {
    const { port, issueToken } = await startListener();
    await configure(listenAt(port) + memory);
    const token = await choose(issueToken);
    const { code, stdout, stderr } = await garita(['key', 'list'], {
      cwd,
      environment: token === undefined ? {} : { GARITA_ADMIN_TOKEN: token },
    });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });

  test('a name that the gateway does not know is explained', async () => {
    const { port } = await startListener();
    // Leads to this machine, but is no name of it.
    const url = `http://0.0.0.0:${port}`;
    expect(await garita(['key', 'list', '--admin-url', url], { environment })).toEqual(
      failure(
        `the gateway does not know the name in ${url}: add it under admin.hosts in its configuration, or use --admin-url ` +
          'with its address',
      ),
    );
  });

  test('whoever guesses is told when to try again', async () => {
    const { port } = await startListener();
    await configure(listenAt(port) + memory);
    const guess = () => garita(['key', 'list'], { cwd, environment: { GARITA_ADMIN_TOKEN: 'wrong' } });
    let last = await guess();
    for (let round = 0; round < 50 && last.stderr.includes('refused'); round++) last = await guess();
    expect(last).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/answered: .* \(try again in \d+ s; request [\w-]+ in the gateway's log\)/),
    });
  });
});

describe('what is no gateway', () => {
  test.each<[string, RequestListener, number]>([
    ['a web page', (_request, response) => response.setHeader('Content-Type', 'text/html').end('<h1>Hello</h1>'), 200],
    ['an error page', (_request, response) => response.writeHead(404).end('not found'), 404],
    [
      'another API',
      (_request, response) => response.writeHead(400, { 'Content-Type': 'application/json' }).end('{}'),
      400,
    ],
    [
      'the public listener',
      (_request, response) =>
        response
          .writeHead(404, { 'Content-Type': 'application/problem+json' })
          .end('{"code":"GW_NO_ROUTE","detail":"No route matches this request.","requestId":"r"}'),
      404,
    ],
    [
      'broken JSON',
      (_request, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{'),
      200,
    ],
  ])('%s is recognized', async (_what, answer, status) => {
    const port = await startOther(answer);
    await configure(listenAt(port) + memory);
    expect(await garita(['key', 'list'], { cwd, environment })).toEqual(
      failure(
        `what answered at http://127.0.0.1:${port} with status ${status} is not Garita's admin API: give the address of the ` +
          'operations listener with --admin-url, or in the configuration under listen.operations',
      ),
    );
  });

  test('a redirect gets no token', async () => {
    const seen: unknown[] = [];
    const thief = await startOther((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    });
    const port = await startOther((_request, response) => {
      response.writeHead(307, { Location: `http://127.0.0.1:${thief}/` }).end();
    });
    const { code, stderr } = await garita(['key', 'list', '--admin-url', `http://127.0.0.1:${port}`], { environment });
    expect([code, seen]).toEqual([1, []]);
    expect(stderr).toContain('with status 307');
  });

  test('one that hangs up is explained, and the store is left alone', async () => {
    const port = await startOther((request) => request.socket.destroy());
    await configure(`${listenAt(port)}store: { use: sqlite, with: { file: garita.db } }\n`);
    const { code, stderr } = await garita(['key', 'rotate'], { cwd, environment });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^no gateway was reached at .*; whether a gateway runs there is not certain, so nothing was done\n$/,
    );
  });

  test('nothing at all at --admin-url is an error, and no reason to open a store', async () => {
    const port = await findFreePort();
    await configure(listenAt(port));
    expect(await garita(['key', 'list', '--admin-url', `http://127.0.0.1:${port}`], { cwd, environment })).toEqual(
      failure(`no gateway was reached at http://127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`),
    );
  });
});

describe('where no gateway was reached', () => {
  test('a store in memory is nowhere', async () => {
    const port = await findFreePort();
    await configure(listenAt(port) + memory);
    expect(await garita(['client', 'list'], { cwd })).toEqual(
      failure(
        `no gateway was reached at http://127.0.0.1:${port}, and its store is memory, which is nowhere else: start it, or say ` +
          'with --admin-url where its operations listener is',
      ),
    );
  });

  test('a file in use tells that one runs all the same', async () => {
    const port = await findFreePort();
    const file = join(cwd, 'garita.db');
    await configure(`${listenAt(port)}store: { use: sqlite, with: { file: garita.db } }\n`);
    const stores = await openStores({ use: 'sqlite', with: { file } });
    ends.push(() => stores.close());
    expect(await garita(['client', 'list'], { cwd })).toEqual(
      failure(
        `The database ${file} is in use by another process: a gateway runs, but its operations listener was not reached at ` +
          `http://127.0.0.1:${port}. Say with --admin-url where it is`,
      ),
    );
  });

  test('keys that are sealed need their encryption key', async () => {
    const port = await findFreePort();
    const text = `version: 1\nissuer: http://127.0.0.1:8080\n${listenAt(port)}`;
    const key = 'keys: { encryptionKey: "${ENCRYPTION_KEY}" }';
    await writeFile(join(cwd, 'garita.yaml'), `${text}oauth: { signing: ES256, ${key} }\n`);
    const run = (letter: string) =>
      garita(['key', 'list'], { cwd, environment: { ENCRYPTION_KEY: letter.repeat(40) } });
    expect(await run('a')).toMatchObject({ code: 0 });
    expect(await run('b')).toMatchObject({ code: 1, stdout: '' });
    expect(await run('a')).toMatchObject({ code: 0 });
  });

  test('the configuration has to be there', async () => {
    expect(await garita(['client', 'list', '--config', 'other.yaml'], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^other\.yaml: there is no such file/),
    });
  });
});

test('a list is put together of as many pages as it takes', async () => {
  const { port, stores } = await startListener();
  const now = Math.floor(Date.now() / 1_000);
  for (let index = 0; index < 1_203; index++) await stores.audit.append({ type: 'user.refused', at: now }, 10_000);
  await configure(listenAt(port) + memory);
  const list = async (limit: number) => {
    const { stdout, stderr } = await garita(['audit', '--json', '--limit', `${limit}`], { cwd, environment });
    return { ids: (JSON.parse(stdout) as { id: number }[]).map(({ id }) => id), stderr };
  };
  const all = await list(2_000);
  expect(new Set(all.ids).size).toBe(1_203);
  expect(all.stderr).toBe('');
  const cut = await list(1_202);
  expect(cut.ids).toEqual(all.ids.slice(0, 1_202));
  expect(cut.stderr).toBe('there are more than the 1202 shown here: see --limit\n');
});

test('grants are listed with what they allow and revoked', async () => {
  const { port, stores } = await startListener();
  await configure(listenAt(port) + memory);
  const now = Math.floor(Date.now() / 1_000);
  const grant = {
    subject: 'ada',
    scopes: ['read', 'write'],
    audience: 'http://127.0.0.1:8080',
    session: 's-1',
    authTime: now,
    createdAt: now,
    expiresAt: now + 3 * 86_400,
    roles: [],
    claims: {},
    revokedAt: undefined,
  };
  await stores.grants.create({ ...grant, id: 'g-1', clientId: 'storefront' }, undefined, now);
  await stores.grants.create({ ...grant, id: 'g-2', clientId: 'mobile' }, undefined, now);
  const run = (...args: string[]) => garita(['grant', ...args], { cwd, environment });
  expect((await run('list', '--client', 'storefront')).stdout).toMatch(
    /^GRANT.*\ng-1 {4}ada {3}storefront {2}read write {2}\d{4}-\d\d-\d\dT\S+ {2}in 3 d\n$/,
  );
  expect(JSON.parse((await run('list', '--subject', 'ada', '--json')).stdout)).toHaveLength(2);
  expect(await run('revoke', 'g-1')).toEqual({ code: 0, stdout: 'revoked the grant g-1\n', stderr: '' });
  expect(JSON.parse((await run('list', '--json')).stdout)).toMatchObject([{ id: 'g-2' }]);
});
