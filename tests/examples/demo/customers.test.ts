import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { type RunningService, startService } from '../../support/start-service.ts';

const main = 'examples/demo/customers/main.ts';
const json = { 'Content-Type': 'application/json' };
const rosa = { name: 'Rosa Díaz', email: 'rosa@example.com', city: 'Quito' };

let folder: string;
let services: RunningService[];
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'garita-customers-'));
  const DATABASE = join(folder, 'made', 'customers.db');
  services = await Promise.all([1, 2, 3].map((n) => startService(main, { DATABASE, INSTANCE: `customers-${n}` })));
  url = services[0]!.url;
});

afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()));
  await rm(folder, { recursive: true });
});

const send = (method: string, path: string, body: unknown, headers: Record<string, string> = json) =>
  fetch(url + path, { method, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

const create = async (fields: object = rosa) =>
  (await (await send('POST', '/customers', fields)).json()) as { id: number; createdAt: string };

/** Sends bytes as they are and resolves to all that comes back until the service closes. */
const sendRaw = async (bytes: string) => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(bytes);
  return text(socket);
};

test('three instances that start at once seed one file once', async () => {
  for (const service of services) {
    const reply = await fetch(`${service.url}/customers?size=1&page=1000`);
    expect(reply.headers.get('x-instance')).toBe(service.instance);
    expect(await reply.json()).toMatchObject({ total: 1000, pages: 1000, items: [{ id: 1000 }] });
  }
  expect(services.map(({ instance }) => instance)).toEqual(['customers-1', 'customers-2', 'customers-3']);
});

test('what one instance writes, the others read', async () => {
  const { id } = await create();
  const reply = await fetch(`${services[2]!.url}/customers/${id}`);
  expect(await reply.json()).toMatchObject({ id, ...rosa, status: 'active' });
  expect((await send('DELETE', `/customers/${id}`, undefined)).status).toBe(204);
  expect((await fetch(`${services[1]!.url}/customers/${id}`)).status).toBe(404);
});

describe('a list', () => {
  test('has pages, and links that stay right at another path', async () => {
    const reply = await fetch(`${url}/customers?page=3&size=7`);
    const { items } = (await reply.json()) as { items: { id: number }[] };
    expect(items.map(({ id }) => id)).toEqual([15, 16, 17, 18, 19, 20, 21]);
    const links = reply.headers.get('link')!;
    expect(links.match(/rel="\w+"/g)).toEqual(['rel="first"', 'rel="prev"', 'rel="next"', 'rel="last"']);
    const next = /<([^>]*)>; rel="next"/.exec(links)![1]!;
    expect(new URL(next, 'http://gateway/api/v1/customers').href).toBe('http://gateway/api/v1/customers?page=4&size=7');
  });

  test('beyond the last page is empty and leads back', async () => {
    const reply = await fetch(`${url}/customers?page=9000`);
    expect(await reply.json()).toMatchObject({ items: [], page: 9000 });
    expect(reply.headers.get('link')).toMatch(/<\?page=5\d&size=20>; rel="prev"/);
    expect(reply.headers.get('link')).not.toContain('rel="next"');
  });

  test.each(['jose', 'JOSÉ', 'josé'])('is searched for %s without regard to case and accents', async (search) => {
    const { items, total } = (await (await fetch(`${url}/customers?size=100&search=${search}`)).json()) as {
      items: { name: string }[];
      total: number;
    };
    expect(total).toBe(items.length);
    expect(items.length).toBeGreaterThan(3);
    for (const { name } of items) expect(name).toContain('José');
  });

  test('takes LIKE wildcards and quotes in a search as they are', async () => {
    for (const search of ['%25', "'"]) {
      const reply = (await (await fetch(`${url}/customers?size=100&search=${search}`)).json()) as { total: number };
      expect(reply.total).toBeLessThan(100);
    }
  });

  test.each([
    'page=0',
    'page=-1',
    'page=1.5',
    'page=x',
    'page=',
    'size=0',
    'size=101',
    'page=1&page=2',
    `search=${'x'.repeat(101)}`,
  ])('refuses %s', async (query) => {
    const reply = await fetch(`${url}/customers?${query}`);
    expect(reply.status).toBe(400);
    expect(reply.headers.get('content-type')).toBe('application/problem+json');
    expect(await reply.json()).toMatchObject({ status: 400, title: 'Bad Request' });
  });
});

describe('conditional requests', () => {
  test.each(['/customers/5', '/customers/5/status', '/customers?page=2'])(
    '%s is 304 while it is the same',
    async (path) => {
      const first = await fetch(url + path);
      const tag = first.headers.get('etag')!;
      const elsewhere = await fetch(services[1]!.url + path, { headers: { 'If-None-Match': `"other", W/${tag}` } });
      expect(elsewhere.status).toBe(304);
      expect(elsewhere.headers.get('etag')).toBe(tag);
      expect(await elsewhere.text()).toBe('');
      expect((await fetch(url + path, { headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
    },
  );

  test.each(['PUT', 'PATCH', 'DELETE'])('%s with an outdated If-Match is 412 and changes nothing', async (method) => {
    const { id } = await create();
    const path = `/customers/${id}`;
    const tag = (await fetch(url + path)).headers.get('etag')!;
    await send('PATCH', path, { city: 'Cuenca' }, { ...json, 'If-Match': tag });
    const body = method === 'DELETE' ? undefined : { ...rosa, status: 'closed' };
    for (const outdated of [tag, `W/${tag}`, 'nonsense']) {
      expect((await send(method, path, body, { ...json, 'If-Match': outdated })).status).toBe(412);
    }
    const now = await fetch(url + path);
    expect(await now.json()).toMatchObject({ city: 'Cuenca', status: 'active' });
    const current = { ...json, 'If-Match': `"x", ${now.headers.get('etag')}` };
    expect((await send(method, path, body, current)).ok).toBe(true);
  });

  test('of two changes based on the same state, sent to two instances, one wins', async () => {
    const { id } = await create();
    const tag = (await fetch(`${url}/customers/${id}`)).headers.get('etag')!;
    const change = (service: RunningService) =>
      fetch(`${service.url}/customers/${id}`, {
        method: 'PATCH',
        headers: { ...json, 'If-Match': tag },
        body: JSON.stringify({ city: service.instance }),
      });
    const statuses = (await Promise.all(services.map(change))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 412, 412]);
  });
});

describe('writing', () => {
  test('creates, replaces, patches and deletes', async () => {
    const created = await send('POST', '/customers', rosa);
    expect(created.status).toBe(201);
    const customer = (await created.json()) as { id: number; createdAt: string };
    const path = `/customers/${customer.id}`;
    expect(created.headers.get('location')).toBe(path);
    expect(created.headers.get('etag')).toBe((await fetch(url + path)).headers.get('etag'));

    const replaced = await send('PUT', path, { ...customer, name: 'Rosa Paz', status: 'suspended' });
    expect(await replaced.json()).toEqual({ ...customer, name: 'Rosa Paz', status: 'suspended' });
    expect(await (await fetch(`${url}${path}/status`)).json()).toEqual({
      id: customer.id,
      status: 'suspended',
      active: false,
    });

    const patched = await send('PATCH', path, { status: 'active' }, { 'Content-Type': 'application/merge-patch+json' });
    expect(await patched.json()).toMatchObject({ name: 'Rosa Paz', status: 'active' });
    const found = (await (await fetch(`${url}/customers?search=rosa+paz`)).json()) as { items: unknown[] };
    expect(found.items).toHaveLength(1);

    expect((await send('DELETE', path, undefined)).status).toBe(204);
    expect((await send('DELETE', path, undefined)).status).toBe(404);
    expect((await create()).id).toBeGreaterThan(customer.id);
  });

  test('names each wrong field', async () => {
    const reply = await send('POST', '/customers', { name: ' ', email: 'a@b', status: 'asleep', vip: true });
    expect(reply.status).toBe(400);
    const { errors } = (await reply.json()) as { errors: { field: string }[] };
    expect(errors.map(({ field }) => field)).toEqual(['name', 'email', 'city', 'status', 'vip']);
  });

  test.each([
    ['PUT', { ...rosa }, 'status'],
    ['PUT', { ...rosa, status: 'active', id: 999 }, 'id'],
    ['PATCH', { name: null }, 'name'],
    ['PATCH', { city: { name: 'Quito' } }, 'city'],
    ['PATCH', { createdAt: '2020-01-01T00:00:00.000Z' }, 'createdAt'],
    ['PATCH', '{"__proto__":{"status":"closed"}}', '__proto__'],
    ['PATCH', { name: 'a\nb' }, 'name'],
  ])('%s %j is refused for its %s', async (method, body, field) => {
    const reply = await send(method, '/customers/3', body);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ errors: [{ field }] });
  });

  test.each(['[]', '"text"', 'null', '{', '', '7'])('a body of %j is 400', async (body) => {
    expect((await send('PATCH', '/customers/3', body)).status).toBe(400);
  });

  test('a body that is not UTF-8 is 400', async () => {
    const body = Buffer.from('{"name":"José"}', 'latin1');
    expect((await fetch(`${url}/customers/3`, { method: 'PATCH', headers: json, body })).status).toBe(400);
  });

  test('another media type or a content coding is 415', async () => {
    const reply = await send('POST', '/customers', rosa, { 'Content-Type': 'text/plain' });
    expect([reply.status, reply.headers.get('accept')]).toEqual([415, 'application/json']);
    expect((await send('POST', '/customers', rosa, { ...json, 'Content-Encoding': 'gzip' })).status).toBe(415);
  });

  test('a body above 64 kB is 413, with its length told or chunked', async () => {
    const large = JSON.stringify({ ...rosa, name: 'x'.repeat(70_000) });
    expect((await send('POST', '/customers', large)).status).toBe(413);
    const body = new Blob([large, large, large]).stream();
    const chunked = await fetch(`${url}/customers`, {
      method: 'POST',
      headers: json,
      body,
      duplex: 'half',
    } as RequestInit);
    expect(chunked.status).toBe(413);
  });
});

test('status may be kept for half a minute, and nothing forbids a shared cache', async () => {
  const reply = await fetch(`${url}/customers/7/status`);
  expect(reply.headers.get('cache-control')).toBe('max-age=30');
  expect(await reply.json()).toEqual({ id: 7, status: 'active', active: true });
  expect((await fetch(`${url}/customers/7`)).headers.get('cache-control')).toBe('no-cache');
});

test('HEAD tells what GET would, without the body', async () => {
  const [get, head] = await Promise.all(['GET', 'HEAD'].map((method) => fetch(`${url}/customers/8`, { method })));
  expect(head!.status).toBe(200);
  expect(await head!.text()).toBe('');
  for (const name of ['etag', 'content-length', 'content-type'])
    expect(head!.headers.get(name)).toBe(get!.headers.get(name));
});

test.each([
  '/',
  '/customers/',
  '/customers/0',
  '/customers/01',
  '/customers/abc',
  '/customers/99999999999',
  '/customers/5000',
  '/nothing',
])('%s is 404', async (path) => {
  expect((await fetch(url + path)).status).toBe(404);
});

describe('what would like to crash it', () => {
  afterEach(async () => {
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok', instance: 'customers-1' });
  });

  test('a bad escape in the path', async () => {
    expect((await fetch(`${url}/customers/%`)).status).toBe(400);
    expect((await fetch(`${url}/customers/%ff/status`)).status).toBe(400);
  });

  test('a caller that goes away in the middle of its body', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await new Promise((resolve) =>
      socket.write(
        'POST /customers HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
        resolve,
      ),
    );
    socket.resetAndDestroy();
  });

  test.each([
    'nonsense\r\n\r\n',
    'GET * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    'GET //[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  ])('the request %j', async (bytes) => {
    expect(await sendRaw(bytes)).toMatch(/^HTTP\/1\.1 40[04] /);
  });

  test('any path and query', async () => {
    const piece = fc.string({ unit: fc.constantFrom('%', '/', '?', '&', '=', 'a', '1', '.', ';', '[', '+', '2', 'F') });
    await fc.assert(
      fc.asyncProperty(piece, async (target) => {
        const head = `GET /customers${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
        expect(await sendRaw(head)).toMatch(/^HTTP\/1\.1 (200|400|404) /);
      }),
      { numRuns: 100 },
    );
  });
});
