import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningService, startService } from '../../support/start-service.ts';

const kettle = { name: 'Copper kettle', category: 'kitchen', priceCents: 5_990, currency: 'EUR', stock: 4 };

let folder: string;
let service: RunningService;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'garita-products-'));
  service = await startService('examples/demo/products/main.ts', { DATABASE: join(folder, 'products.db') });
});

afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true });
});

const send = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(service.url + path, {
    method,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

test('sixty products are there, for anyone to keep for a minute', async () => {
  const reply = await fetch(`${service.url}/products?size=60`);
  expect(reply.headers.get('cache-control')).toBe('public, max-age=60');
  expect(reply.headers.get('x-instance')).toBe('products');
  const { items, total } = (await reply.json()) as { items: { id: number; name: string }[]; total: number };
  expect(total).toBe(60);
  expect(items.map(({ id }) => id)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
  expect(new Set(items.map(({ name }) => name)).size).toBe(60);
});

test('products are found by name and category', async () => {
  const search = async (text: string) =>
    ((await (await fetch(`${service.url}/products?search=${text}`)).json()) as { total: number }).total;
  expect(await search('LANTERN')).toBe(6);
  expect(await search('kitchen')).toBe(12);
  expect(await search('unicorn')).toBe(0);
});

test('a product is 304 while it is the same', async () => {
  const first = await fetch(`${service.url}/products/9`);
  const headers = { 'If-None-Match': first.headers.get('etag')! };
  const again = await fetch(`${service.url}/products/9`, { headers });
  expect(again.status).toBe(304);
  expect(again.headers.get('cache-control')).toBe('public, max-age=60');
});

test('a product is created, replaced and deleted, with regard to If-Match', async () => {
  const created = await send('POST', '/products', kettle);
  expect(created.status).toBe(201);
  const path = created.headers.get('location')!;
  expect(path).toBe('/products/61');
  expect(await (await fetch(service.url + path)).json()).toEqual({ id: 61, ...kettle });

  const tag = created.headers.get('etag')!;
  expect((await send('PUT', path, { ...kettle, stock: 3 }, { 'If-Match': tag })).status).toBe(200);
  expect((await send('PUT', path, { ...kettle, stock: 2 }, { 'If-Match': tag })).status).toBe(412);
  expect((await send('DELETE', path, undefined, { 'If-Match': tag })).status).toBe(412);
  expect(await (await fetch(service.url + path)).json()).toMatchObject({ stock: 3 });
  expect((await send('DELETE', path, undefined)).status).toBe(204);
  expect((await fetch(service.url + path)).status).toBe(404);
});

test.each([
  [{ priceCents: -1 }, 'priceCents'],
  [{ priceCents: 1.5 }, 'priceCents'],
  [{ stock: '4' }, 'stock'],
  [{ currency: 'XXX' }, 'currency'],
  [{ id: 5 }, 'id'],
])('a product with %j is refused', async (wrong, field) => {
  const reply = await send('PUT', '/products/5', { ...kettle, ...wrong });
  expect(reply.status).toBe(400);
  expect(await reply.json()).toMatchObject({ errors: [{ field }] });
});
