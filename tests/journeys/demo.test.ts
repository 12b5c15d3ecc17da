import { once } from 'node:events';
import request from 'supertest';
import { startTestDemo, type TestDemo } from '../support/start-demo.ts';
import { createHandClock } from '../support/start-gateway.ts';
import type { RunningService } from '../support/start-service.ts';

const clock = createHandClock();

let demo: TestDemo;
let url: string;

beforeAll(async () => {
  demo = await startTestDemo({ clock });
  url = demo.url;
}, 60_000);
afterAll(() => demo.close());

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

test('administering is for operators: by their token, or by one of a client with the scope', async () => {
  const list = () => request(demo.operationsUrl).get('/admin/clients');
  const ids = ['storefront', 'reporting-job', 'back-office', 'operator'];
  expect((await list()).status).toBe(401);
  expect((await list().set('Authorization', await backOffice())).status).toBe(403);
  for (const authorization of ['Bearer demo-only-admin-token', await bearer('operator', 'demo-only-operator-secret')]) {
    const answer = await list().set('Authorization', authorization);
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([200, expect.stringContaining('storefront')]);
    for (const id of ids) expect(answer.text).toContain(`"${id}"`);
  }
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
  const { customers } = demo;
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
  customers[0] = await demo.startCustomers(1, { PORT: new URL(customers[0]!.url).port });
  clock.advance(1000);
  const answer = await read();
  expect([answer.status, answer.headers['x-instance']]).toEqual([200, 'customers-1']);
});
