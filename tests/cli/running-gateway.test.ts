import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway } from '../support/start-gateway.ts';
import { findFreePort } from './find-free-port.ts';
import { adminToken } from './start-admin-listener.ts';
import { garita } from './surroundings.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'garita-running-'));
});
afterEach(() => rm(cwd, { recursive: true }));

async function askForToken(url: string, client: string, secret: string): Promise<number> {
  const credentials = Buffer.from(`${client}:${secret}`).toString('base64');
  const { status } = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${credentials}`, Connection: 'close' },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return status;
}

test('what a command changes is in force in the gateway that runs, and still there when it has stopped', async () => {
  const configuration = `
version: 1
issuer: http://127.0.0.1:8080
listen: { operations: "127.0.0.1:${await findFreePort()}" }
store: { use: sqlite, with: { file: ${join(cwd, 'garita.db')} } }
oauth: { signing: ES256, scopes: { read: Read } }
admin: { token: ${adminToken} }
`;
  await writeFile(join(cwd, 'garita.yaml'), configuration);
  const gateway = await startGateway(configuration.replace('version: 1\n', ''));
  const remote = { cwd, environment: { GARITA_ADMIN_TOKEN: adminToken } };
  const run = async (...args: string[]): Promise<string> => {
    const outcome = await garita([...args, '--admin-url', gateway.operationsUrl], remote);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    return outcome.stdout;
  };

  const { secret } = JSON.parse(await run('client', 'add', '--id', 'job', '--scope', 'read', '--json')) as {
    secret: string;
  };
  expect(await askForToken(gateway.url, 'job', secret)).toBe(200);
  await run('client', 'rotate-secret', 'job');
  expect(await askForToken(gateway.url, 'job', secret)).toBe(200);
  await run('client', 'disable', 'job');
  expect(await askForToken(gateway.url, 'job', secret)).toBe(401);

  expect(await garita(['client', 'list'], remote)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('a gateway runs, but its operations listener was not reached'),
  });
  await gateway.close();
  const { stdout, stderr } = await garita(['client', 'list', '--json'], remote);
  expect(stderr).toMatch(/^no gateway runs at /);
  expect(JSON.parse(stdout)).toMatchObject([{ id: 'job', disabled: true, from: 'store' }]);
  const audit = JSON.parse((await garita(['audit', '--json'], remote)).stdout);
  expect(audit).toMatchObject([
    { type: 'client.changed', actor: 'admin token', address: '127.0.0.1', detail: 'disabled' },
    { type: 'client.changed', actor: 'admin token' },
    { type: 'client.added', actor: 'admin token' },
  ]);
});
