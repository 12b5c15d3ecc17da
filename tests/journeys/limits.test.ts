import request from 'supertest';
import { always, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { createHandClock, startGateway } from '../support/start-gateway.ts';

async function startLimited(yaml: string) {
  const upstream = await startScriptedUpstream(always(200));
  const clock = createHandClock();
  const gateway = await startGateway(`services: { things: { instances: ["${upstream.url}"] } }\n${yaml}`, { clock });
  return { upstream, gateway, clock, api: request(gateway.url) };
}

test('a client has so many requests in a window, is told how many are left, and is refused the next', async () => {
  const { api, gateway, clock, upstream } = await startLimited(`
routes:
  - id: things
    match: { path: /things }
    to: { service: things }
    access: authenticated
    policies: [{ use: rate-limit, with: { limit: 2, per: 1m } }]
`);
  const [reader, writer] = [await gateway.bearer('reader'), await gateway.bearer('writer')];
  const ask = (bearer: string) => api.get('/things').set('Authorization', bearer);
  const first = await ask(reader);
  expect([first.status, first.headers['ratelimit-policy'], first.headers.ratelimit]).toEqual([
    200,
    '"client";q=2;w=60',
    '"client";r=1;t=60',
  ]);
  clock.advance(20_000);
  expect((await ask(reader)).headers.ratelimit).toBe('"client";r=0;t=40');
  const refused = await ask(reader);
  expect(refused.status).toBe(429);
  expect(refused.body.code).toBe('GW_RATE_LIMITED');
  expect(refused.headers['retry-after']).toBe('40');
  expect([refused.headers['ratelimit-policy'], refused.headers.ratelimit]).toEqual([
    '"client";q=2;w=60',
    '"client";r=0;t=40',
  ]);
  expect((await ask(writer)).status).toBe(200);
  expect(upstream.requests).toHaveLength(3);
  await gateway.logged({ status: 429, limit: 'client', client: 'reader' });
  clock.advance(40_000);
  expect((await ask(reader)).status).toBe(200);
});

test('one address has so many requests, unknown paths and bad tokens included', async () => {
  const { api, clock } = await startLimited(`
limits: { address: { limit: 3, per: 1m } }
routes: [{ id: things, match: { path: /things }, to: { service: things }, access: authenticated }]
`);
  const statuses: number[] = [];
  for (const path of ['/nowhere', '/things', '/%00', '/things', '/oauth/token', '/.well-known/jwks.json'])
    statuses.push((await api.get(path)).status);
  expect(statuses.slice(-2)).toEqual([429, 429]);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(2);
  const refused = await api.get('/things');
  expect(refused.headers['retry-after']).toBe('60');
  clock.advance(60_000);
  expect((await api.get('/things')).status).toBe(401);
});

test('a refused request takes nothing from the limit behind the refusal', async () => {
  const { api, gateway } = await startLimited(`
routes:
  - id: things
    match: { path: /things }
    to: { service: things }
    access: { scopes: [read] }
    policies: [{ use: rate-limit, with: { limit: 1, per: 1m } }]
`);
  for (let i = 0; i < 3; i += 1)
    expect((await api.get('/things').set('Authorization', await gateway.bearer('nobody'))).status).toBe(403);
  expect((await api.get('/things').set('Authorization', await gateway.bearer('reader'))).status).toBe(200);
});
