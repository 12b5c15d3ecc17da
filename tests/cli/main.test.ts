// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment are the subject here
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const anyPorts = ['--port', '0', '--operations-port', '0'];

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'garita-main-'));
  const config = 'version: 1\nissuer: http://127.0.0.1:8080\nstore: { use: memory }\nname: "${NAME:-garita}"\n';
  await writeFile(join(cwd, 'garita.yaml'), config);
});
afterAll(() => rm(cwd, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(
  args: readonly string[],
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const;
  const child = spawn(process.execPath, [main, ...args], { cwd, env, stdio: [...stdio] });
  const all = Promise.all([once(child, 'exit'), text(child.stdout!), text(child.stderr!)]);
  return { child, ended: all.then(([[code, signal], stdout, stderr]) => ({ code, signal, stdout, stderr })) };
}

const garita = (args: readonly string[], env?: Record<string, string>): Promise<Ended> => start(args, env).ended;

async function startGateway(env?: Record<string, string>) {
  const { child, ended } = start(['start', ...anyPorts], env);
  const first = await Promise.race([once(child, 'message'), ended]);
  if (!Array.isArray(first)) throw new Error(`it did not start: ${first.stderr}`);
  return { child, ended, addresses: first[0] as { listening: string; operations: string } };
}

test('the gateway runs, says where, and ends in order at SIGTERM', async () => {
  const { child, ended, addresses } = await startGateway();
  expect((await fetch(`${addresses.listening}/nothing`)).status).toBe(404);
  expect((await fetch(`${addresses.operations}/livez`)).status).toBe(200);
  const metadata = await fetch(`${addresses.listening}/.well-known/oauth-authorization-server`);
  expect(await metadata.json()).toMatchObject({ issuer: addresses.listening });
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
});

test('SIGINT ends it too', async () => {
  const { child, ended } = await startGateway();
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
});

test('a reader of the log who is stuck costs lines, but neither requests nor the end', async () => {
  const child = spawn(process.execPath, [main, 'start', ...anyPorts], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const [{ listening, operations }] = (await once(child, 'message')) as [{ listening: string; operations: string }];
  const path = `/${'x'.repeat(7_000)}`;
  for (let round = 0; round < 10; round++) {
    const replies = await Promise.all(Array.from({ length: 40 }, () => fetch(listening + path)));
    expect(replies.every(({ status }) => status === 404)).toBe(true);
  }
  const metrics = await (await fetch(`${operations}/metrics`)).text();
  expect(Number(/^garita_log_lines_dropped (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(0);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('it ends when the process that started it is gone', async () => {
  const { child, ended } = await startGateway();
  child.disconnect();
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
});

test('a port in use is one clear message, and nothing is left running', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  try {
    expect(await garita(['start', '--port', String(port), '--operations-port', '0'])).toMatchObject({
      code: 1,
      stderr: `127.0.0.1:${port} is in use: stop what listens there, or choose another port with --port, --operations-port or listen in the configuration\n`,
    });
    expect(await garita(['start'], { PORT: '0', OPERATIONS_PORT: String(port) })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(`^127\\.0\\.0\\.1:${port} is in use: `),
    });
  } finally {
    taken.close();
  }
});

test('a wrong configuration is told in full', async () => {
  expect(await garita(['start', ...anyPorts], { NAME: 'Not a name' })).toEqual({
    code: 1,
    signal: null,
    stdout: '',
    stderr:
      'garita.yaml:4:7  name  expected up to 40 lower-case letters, digits and dashes, got the value of ${NAME}\n1 problem\n',
  });
});

test('a database that cannot be used is one clear message', async () => {
  await writeFile(join(cwd, 'not-a-database'), 'x'.repeat(5_000));
  const config = 'version: 1\nissuer: http://127.0.0.1:8080\nstore: { use: sqlite, with: { file: not-a-database } }\n';
  await writeFile(join(cwd, 'corrupt.yaml'), config);
  const { code, stderr } = await garita(['start', '--config', 'corrupt.yaml', ...anyPorts]);
  expect(code).toBe(1);
  expect(stderr).toContain(join(cwd, 'not-a-database'));
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('wrong usage has exit code 2', async () => {
  expect(await garita(['strat'])).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "start"?') });
});

test('.env beside it is read, and the environment itself wins', async () => {
  await writeFile(join(cwd, '.env'), 'NAME=Not a name\n');
  try {
    expect(await garita(['check'])).toMatchObject({ code: 1 });
    expect(await garita(['check'], { NAME: 'front' })).toMatchObject({ code: 0 });
  } finally {
    await rm(join(cwd, '.env'));
  }
});
