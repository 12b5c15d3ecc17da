import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const launcher = join(root, 'examples/demo/start.ts');
const anyPorts = { PORT: '0', OPERATIONS_PORT: '0', SERVICES_PORT: '0' };
const hasCurl = spawnSync('curl', ['--version']).status === 0;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'garita-demo-'));
});
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rm(folder, { recursive: true }));

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; stderr: string }>;
  /** What stands on standard output so far. */
  readonly printed: () => string;
  readonly complained: () => string;
}

function start(env: Record<string, string | undefined> = {}, args: readonly string[] = [], command = process.execPath) {
  const isNpm = command === 'npm';
  const child = spawn(command, isNpm ? ['start', '--', ...args] : [launcher, ...args], {
    cwd: isNpm ? root : folder,
    env: { PATH: process.env.PATH, HOME: folder, NODE_ENV: 'test', DEMO_DATA: folder, ...anyPorts, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  started.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    stdout += data;
  });
  child.stderr.setEncoding('utf8').on('data', (data: string) => {
    stderr += data;
  });
  const ended = once(child, 'exit').then(async ([code]) => ({ code: code as number | null, stderr }));
  return { child, ended, printed: () => stdout, complained: () => stderr } satisfies Started;
}

async function until(what: string, holds: () => boolean, describe = () => ''): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}: ${describe()}`);
    await delay(5);
  }
}

/** Starts the demo and reads its banner. */
async function startDemo(...how: Parameters<typeof start>) {
  const demo = start(...how);
  const end = /Then try .*\n/;
  await until('the banner is printed', () => end.test(demo.printed()), demo.complained);
  const banner = demo.printed();
  const gateway = /Gateway +(\S+)/.exec(banner)![1]!;
  const operations = /Operations +(\S+)/.exec(banner)![1]!;
  const pids = new Map(
    [...banner.matchAll(/^ {2}([\w-]+) .* process (\d+)$/gm)].map(([, name, pid]) => [name!, Number(pid)]),
  );
  expect([...pids.keys()]).toEqual([
    'Gateway',
    'customers-1',
    'customers-2',
    'customers-3',
    'users',
    'products',
    'storefront',
  ]);
  return { ...demo, banner, gateway, operations, pids };
}

/** Is this process there, and not only waiting for its parent to read its exit code? */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && process.platform !== 'linux';
  }
}

const alive = (pids: ReadonlyMap<string, number>): string[] =>
  [...pids].filter(([, pid]) => isAlive(pid)).map(([name]) => name);

/** Processes that know the folder of these tests from their environment; where there is no /proc, none can be found. */
function findLeftovers(): string[] {
  if (process.platform !== 'linux') return [];
  const knowsFolder = (pid: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`DEMO_DATA=${folder}`);
    } catch {
      return false;
    }
  };
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && knowsFolder(name));
}

async function authorize(gateway: string, client: string, secret: string): Promise<{ Authorization: string }> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: client, client_secret: secret });
  const reply = await fetch(`${gateway}/oauth/token`, { method: 'POST', body });
  const { access_token } = (await reply.json()) as { access_token: string };
  return { Authorization: `Bearer ${access_token}` };
}

describe('the demo', () => {
  let demo: Awaited<ReturnType<typeof startDemo>>;
  let headers: { Authorization: string };
  const get = (path: string, init: RequestInit = { headers }) => fetch(demo.gateway + path, init);
  beforeAll(async () => {
    demo = await startDemo();
    // It lives longer than one test: `afterAll` ends it.
    started.splice(0);
    headers = await authorize(demo.gateway, 'reporting-job', 'demo-only-reporting-secret');
  });
  afterAll(() => demo.child.kill('SIGKILL'));

  (hasCurl ? test : test.skip)('prints lines that show a customer when they are pasted', async () => {
    const lines = /^ {2}TOKEN=.*?; echo$/ms.exec(demo.banner)![0];
    const shell = spawn('sh', ['-c', lines], { stdio: ['ignore', 'pipe', 'inherit'] });
    const shown = await text(shell.stdout);
    expect(shown).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(shown).toMatch(/^X-Instance: customers-[123]\r$/im);
    expect(shown).toContain('{"id":7,');
  });

  test('prints addresses that answer, and every client of the configuration', async () => {
    for (const url of demo.banner.match(/http:\S+\/(?:\.well-known|readyz|metrics)\S*/g)!) {
      expect((await fetch(url)).status).toBe(200);
    }
    for (const client of ['reporting-job', 'back-office', 'operator']) expect(demo.banner).toContain(`\n  ${client} `);
  });

  test('lets callers do what their scopes allow', async () => {
    expect((await get('/api/v1/customers/1000')).status).toBe(200);
    expect((await get('/api/v1/customers?page=2&search=an')).status).toBe(200);
    expect((await get('/api/v1/customers/7', {})).status).toBe(401);
    const change = { method: 'PATCH', body: '{"city":"Quito"}' };
    const json = { 'Content-Type': 'application/json' };
    expect((await get('/api/v1/customers/8', { ...change, headers: { ...headers, ...json } })).status).toBe(403);
    const office = await authorize(demo.gateway, 'back-office', 'demo-only-back-office-secret');
    expect((await get('/api/v1/customers/8', { ...change, headers: { ...office, ...json } })).status).toBe(200);
    expect((await get('/api/v1/products/1', {})).status).toBe(200);
  });

  test('answers the status of a customer from memory the second time', async () => {
    const first = await get('/api/v1/customers/7/status');
    expect(await first.json()).toMatchObject({ id: 7 });
    const second = await get('/api/v1/customers/7/status');
    expect(second.headers.get('cache-status')).toMatch(/; hit/);
    expect(second.headers.get('x-instance')).toBe(first.headers.get('x-instance'));
  });

  test('registers users', async () => {
    const body = JSON.stringify({
      ...{ username: 'rosa', password: 'a long enough password' },
      ...{ email: 'rosa@example.com', displayName: 'Rosa' },
    });
    const register = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body };
    expect((await get('/api/v1/users', register)).status).toBe(201);
    expect((await get('/api/v1/users', register)).status).toBe(409);
  });

  test('goes on without an instance, and says so in one line', async () => {
    process.kill(demo.pids.get('customers-2')!, 'SIGKILL');
    for (let id = 1; id <= 30; id += 1) expect((await get(`/api/v1/customers/${id}`)).status).toBe(200);
    await until('it is reported', () => demo.complained() !== '');
    expect(demo.complained()).toMatch(/^customers-2 \(process \d+\) has ended: SIGKILL\. .*\n$/);
  });

  test('answers 503 when no instance is left', async () => {
    for (const name of ['customers-1', 'customers-3']) process.kill(demo.pids.get(name)!, 'SIGKILL');
    await until('they are gone', () => alive(demo.pids).length === 4);
    // A request that meets the last connections as they break is a 502, like any that was on its way.
    const replies = await Promise.all([1, 2, 3, 4].map((id) => get(`/api/v1/customers/${id}`)));
    for (const { status } of replies) expect([502, 503]).toContain(status);
    const reply = await get('/api/v1/customers/1');
    expect(reply.status).toBe(503);
    expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  test('ends in order at SIGTERM and leaves no process', async () => {
    demo.child.kill('SIGTERM');
    expect((await demo.ended).code).toBe(0);
    expect(alive(demo.pids)).toEqual([]);
  });
});

test('a SIGTERM to npm alone ends everything', async () => {
  const { child, pids } = await startDemo({}, [], 'npm');
  child.kill('SIGTERM');
  await until(
    'nothing is left',
    () => alive(pids).length === 0,
    () => alive(pids).join(),
  );
});

test('a Ctrl-C under npm, which npm passes on, is one and waits for a request; the second does not', async () => {
  const { child, gateway, pids, complained } = await startDemo({}, [], 'npm');
  const socket = connect(Number(new URL(gateway).port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    'POST /api/v1/users HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
  );
  await until('it is on its way', () => socket.bytesWritten > 0);
  await fetch(`${gateway}/api/v1/products/1`);
  process.kill(-child.pid!, 'SIGINT');
  await until('the hint is printed', () => complained().includes('Ctrl-C again stops at once'));
  expect(alive(pids)).toHaveLength(7);
  process.kill(-child.pid!, 'SIGINT');
  await until('nothing is left', () => alive(pids).length === 0);
  expect(complained()).not.toContain('ended');
});

test('when the launcher is killed, everything ends by itself', async () => {
  const { child, pids } = await startDemo();
  child.kill('SIGKILL');
  await until(
    'nothing is left',
    () => alive(pids).length === 0,
    () => alive(pids).join(),
  );
});

test('when the gateway dies, everything stops with exit code 1', async () => {
  const { ended, pids } = await startDemo();
  process.kill(pids.get('Gateway')!, 'SIGKILL');
  expect(await ended).toMatchObject({ code: 1, stderr: expect.stringContaining('The gateway has ended: SIGKILL') });
  expect(alive(pids)).toEqual([]);
});

describe('one clear message and nothing left', () => {
  test('when the port is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, stderr } = await start({}, ['--port', String(port)]).ended;
    taken.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^127\\.0\\.0\\.1:${port} is in use: .*--port.*\\n$`));
    expect(findLeftovers()).toEqual([]);
  });

  test('when the databases have no place', async () => {
    await writeFile(join(folder, 'file'), '');
    const { code, stderr } = await start({ DEMO_DATA: join(folder, 'file') }).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The databases cannot be kept in \S+file\/demo \(ENOTDIR\): .*DEMO_DATA\n$/);
  });

  test('in production', async () => {
    const { code, stderr } = await start({ NODE_ENV: 'production' }).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The demo does not run under NODE_ENV=production, .*\n$/);
  });

  test('for wrong usage', async () => {
    const { code, stderr } = await start({}, ['--prot', '1']).ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Unknown option '--prot'/);
    expect(stderr).toContain('Usage: npm start');
  });
});
