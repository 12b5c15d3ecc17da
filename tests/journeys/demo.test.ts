import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import request from 'supertest';
import { parseConfig } from '../../src/config/load.ts';
import { applyPorts } from '../../src/config/ports.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { createHandClock } from '../support/start-gateway.ts';
import { type RunningService, startService } from '../support/start-service.ts';

const main = (service: string): string => `examples/demo/${service}/main.ts`;
const clock = createHandClock();

let folder: string;
let customers: RunningService[];
let others: RunningService[];
let gateway: Gateway;
let url: string;

const startCustomers = (n: number, env: Record<string, string> = {}) =>
  startService(main('customers'), { DATABASE: join(folder, 'customers.db'), INSTANCE: `customers-${n}`, ...env });

/** The demo as its configuration describes it, on ports that the system chose. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'garita-demo-'));
  [customers, others] = await Promise.all([
    Promise.all([1, 2, 3].map((n) => startCustomers(n))),
    Promise.all(
      ['users', 'products'].map((name) =>
        startService(main(name), {
          DATABASE: join(folder, `${name}.db`),
          INSTANCE: `${name}-1`,
          SERVICE_SECRET: 'a-secret-of-this-test',
        }),
      ),
    ),
  ]);
  const file = 'examples/demo/garita.yaml';
  const { config, source } = parseConfig(await readFile(file, 'utf8'), {
    file,
    environment: {
      GARITA_DATABASE: join(folder, 'garita.db'),
      CUSTOMERS_1_URL: customers[0]!.url,
      CUSTOMERS_2_URL: customers[1]!.url,
      CUSTOMERS_3_URL: customers[2]!.url,
      USERS_URL: others[0]!.url,
      PRODUCTS_URL: others[1]!.url,
    },
  });
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  gateway = await createGateway({ config: applyPorts(config, { port: 0, operationsPort: 0 }), source, output, clock });
  url = `http://127.0.0.1:${gateway.address.port}`;
});

afterAll(async () => {
  await gateway.close();
  await Promise.all(
    [...customers, ...others].map(async ({ child, stop }) => child.exitCode ?? child.signalCode ?? stop()),
  );
  await rm(folder, { recursive: true });
});

async function bearer(id = 'reporting-job', secret = 'demo-only-reporting-secret'): Promise<string> {
  const answer = await request(url)
    .post('/oauth/token')
    .auth(id, secret)
    .type('form')
    .send({ grant_type: 'client_credentials' });
  expect(answer.status).toBe(200);
  return `Bearer ${answer.body.access_token}`;
}

const backOffice = () => bearer('back-office', 'demo-only-back-office-secret');

const kill = async ({ child }: RunningService): Promise<void> => {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
};

test('a token, then customers from every instance', async () => {
  const authorization = await bearer();
  const seen = new Set<string>();
  for (let id = 1; id <= 30; id += 1) {
    const answer = await request(url).get(`/api/v1/customers/${id}`).set('Authorization', authorization);
    expect([answer.status, answer.body.id]).toEqual([200, id]);
    seen.add(answer.headers['x-instance']!);
  }
  expect([...seen].sort()).toEqual(['customers-1', 'customers-2', 'customers-3']);
  const page = await request(url).get('/api/v1/customers?page=2&search=a').set('Authorization', authorization);
  expect(page.status).toBe(200);
  const old = await request(url).get('/api/v1/clientes/7').set('Authorization', authorization);
  expect(old.body.id).toBe(7);
});

test('a write needs its scope, and the status is new afterwards', async () => {
  const [reporting, office] = [await bearer(), await backOffice()];
  const status = () => request(url).get('/api/v1/customers/5/status').set('Authorization', reporting);
  const before = await status();
  expect((await status()).headers['cache-status']).toMatch(/^garita; hit; ttl=\d+$/);
  const patch = (authorization: string) =>
    request(url)
      .patch('/api/v1/customers/5')
      .set('Authorization', authorization)
      .set('Content-Type', 'application/merge-patch+json')
      .send(JSON.stringify({ status: before.body.status === 'active' ? 'suspended' : 'active' }));
  expect((await patch(reporting)).status).toBe(403);
  expect((await status()).headers['cache-status']).toMatch(/hit/);
  expect((await patch(office)).status).toBe(200);
  const after = await status();
  expect(after.headers['cache-status']).toMatch(/fwd=miss/);
  expect(after.body).not.toEqual(before.body);
});

test('products are for everybody to read, and users can register', async () => {
  expect((await request(url).get('/api/v1/products')).status).toBe(200);
  expect((await request(url).post('/api/v1/products').send({})).status).toBe(401);
  const registered = await request(url)
    .post('/api/v1/users')
    .send({ username: 'rosa', displayName: 'Rosa', email: 'rosa@example.com', password: 'correct horse battery' });
  expect([registered.status, registered.text]).toEqual([201, expect.not.stringContaining('battery')]);
});

// The last one: it leaves nothing of the three running but one.
test('one instance killed: every read answers. All killed: 503 at once. One back: it serves', async () => {
  const authorization = await bearer();
  let stop = false;
  const readers = Array.from({ length: 8 }, async () => {
    const statuses: number[] = [];
    while (!stop) {
      const answer = await fetch(`${url}/api/v1/customers/${1 + (statuses.length % 1000)}`, {
        headers: { Authorization: authorization },
      });
      await answer.arrayBuffer();
      statuses.push(answer.status);
    }
    return statuses;
  });
  const someReads = () => new Promise((resolve) => setTimeout(resolve, 80));
  await someReads();
  await kill(customers[1]!);
  await someReads();
  stop = true;
  const statuses = (await Promise.all(readers)).flat();
  expect(statuses.length).toBeGreaterThan(16);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);

  await Promise.all([kill(customers[0]!), kill(customers[2]!)]);
  const read = () => request(url).get('/api/v1/customers/1').set('Authorization', authorization);
  for (let i = 0; i < 3; i += 1) {
    const answer = await read();
    expect([answer.status, answer.headers['retry-after'], answer.body.code]).toEqual([
      503,
      '1',
      'GW_SERVICE_UNAVAILABLE',
    ]);
  }
  customers[0] = await startCustomers(1, { PORT: new URL(customers[0]!.url).port });
  clock.advance(1000);
  const answer = await read();
  expect([answer.status, answer.headers['x-instance']]).toEqual([200, 'customers-1']);
});
