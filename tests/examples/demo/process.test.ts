import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { failToStart, startService } from '../../support/start-service.ts';

const products = 'examples/demo/products/main.ts';
const users = 'examples/demo/users/main.ts';

let folder: string;
let DATABASE: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'garita-process-'));
  DATABASE = join(folder, 'demo.db');
});

afterAll(() => rm(folder, { recursive: true }));

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it with code 0, though a caller keeps a connection',
  async (signal) => {
    const { url, child } = await startService(products, { DATABASE });
    await (await fetch(`${url}/health`)).text();
    const ended = once(child, 'exit');
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  },
);

test('what it is answering when asked to stop, it finishes', async () => {
  const { url, child } = await startService(products, { DATABASE });
  const body = JSON.stringify({ name: 'Clock', category: 'home', priceCents: 1, currency: 'EUR', stock: 1 });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const answered = text(socket);
  const head = `POST /products HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  socket.write(`${head}Expect: 100-continue\r\n\r\n`);
  await once(socket, 'readable'); // the interim reply: it is answering now
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  while (await isListening(url));
  socket.write(body);
  expect(await answered).toMatch(/HTTP\/1\.1 201 Created\r\n.*"name":"Clock"/s);
  expect(await ended).toEqual([0, null]);
});

test('it does not outlive the parent whose channel it has', async () => {
  const { child } = await startService(products, { DATABASE });
  const ended = once(child, 'exit');
  child.disconnect();
  expect(await ended).toEqual([0, null]);
});

test('nor a parent that went away while it was starting', async () => {
  const child = fork(products, { env: { DATABASE }, execArgv: [], silent: true });
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

describe('a start that fails is one line on stderr and exit code 1', () => {
  const expectFailure = async (module: string, env: Record<string, string>, line: RegExp) => {
    const { code, stdout, stderr } = await failToStart(module, env);
    expect(stderr).toMatch(line);
    expect(stderr.match(/\n/g)).toHaveLength(1);
    expect([code, stdout]).toEqual([1, '']);
  };

  test.each([
    ['no DATABASE', {}, /^products: DATABASE is not set; /],
    ['a bad PORT', { DATABASE: 'x', PORT: '80a' }, /^products: PORT is "80a"; /],
    ['a PORT out of range', { DATABASE: 'x', PORT: '65536' }, /^products: PORT is "65536"; /],
    ['a bad INSTANCE', { DATABASE: 'x', INSTANCE: 'a\nb' }, /^products: INSTANCE is "a\\nb"; /],
    [
      'a database that cannot be',
      { DATABASE: '/dev/null/x.db' },
      /^products: cannot use the database \/dev\/null\/x\.db: /,
    ],
  ])('%s', (_, env, line) => expectFailure(products, env, line));

  test('a file that is no database', async () => {
    const file = join(folder, 'letter.txt');
    await writeFile(file, 'Dear reader, this is not a database.\n'.repeat(99));
    await expectFailure(products, { DATABASE: file }, /letter\.txt: file is not a database$/m);
  });

  test('a database of a newer release', async () => {
    const file = join(folder, 'newer.db');
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    await expectFailure(products, { DATABASE: file }, /newer\.db: it was made by a newer release \(schema 99\)$/m);
  });

  test('a port in use', async () => {
    const first = await startService(products, { DATABASE });
    const PORT = new URL(first.url).port;
    await expectFailure(
      products,
      { DATABASE, PORT },
      new RegExp(`cannot listen on 127\\.0\\.0\\.1:${PORT} \\(EADDRINUSE\\)`),
    );
    await first.stop();
  });

  test.each([
    ['no SERVICE_SECRET', {}, /^users: SERVICE_SECRET is not set; /],
    ['a blank SERVICE_SECRET', { SERVICE_SECRET: ' ' }, /^users: SERVICE_SECRET is not set; /],
    [
      'a demo secret in production',
      { SERVICE_SECRET: 'demo-only-x', NODE_ENV: 'production' },
      /^users: SERVICE_SECRET is a public demo secret; /,
    ],
    [
      'demo users in production',
      { SERVICE_SECRET: 'x', SEED_DEMO_USERS: '1', NODE_ENV: 'production' },
      /^users: SEED_DEMO_USERS=1 makes users with public passwords; /,
    ],
  ])('%s', (_, env, line) => expectFailure(users, { DATABASE: join(folder, 'users.db'), ...env }, line));
});

async function isListening(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
