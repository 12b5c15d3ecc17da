import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { always, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'garita-revocation-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A gateway over one upstream and a database of its own; started again, it has both again, and the same issuer. */
async function prepare() {
  const upstream = await startScriptedUpstream(always(200, ['Content-Type: text/plain'], 'hello'));
  const start = () =>
    startGateway(`
issuer: https://id.example
store: { use: sqlite, with: { file: "${join(folder, 'garita.db')}" } }
services: { things: { instances: ["${upstream.url}"] } }
routes:
  - { id: read, match: { path: /things }, to: { service: things }, access: { scopes: [read] } }
  - id: cached
    match: { methods: [GET], path: /cached }
    to: { service: things }
    access: { scopes: [read] }
    policies: [{ use: cache, with: { fresh: 1h, shared: true } }]
`);
  return { upstream, start, gateway: await start() };
}

const call = (gateway: TestGateway, bearer: string, path = '/things') =>
  request(gateway.url).get(path).set('Authorization', bearer);

const post = (gateway: TestGateway, path: string, bearer: string, client = 'reader') =>
  request(gateway.url)
    .post(path)
    .auth(client, `demo-only-${client}`)
    .type('form')
    .send({ token: bearer.replace('Bearer ', '') });

async function expectRevoked(pending: request.Test): Promise<void> {
  const answer = await pending;
  expect(answer.status).toBe(401);
  expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
  expect(answer.body.code).toBe('GW_TOKEN_INVALID');
}

test('a revoked token is refused from the next request on, also where its reply is in the cache', async () => {
  const { gateway, upstream } = await prepare();
  const [bearer, other] = [await gateway.bearer(), await gateway.bearer()];
  for (const path of ['/things', '/cached']) expect((await call(gateway, bearer, path)).status).toBe(200);
  expect((await call(gateway, bearer, '/cached')).headers['cache-status']).toContain('hit');
  expect((await post(gateway, '/oauth/introspect', bearer)).body.active).toBe(true);
  const forwarded = upstream.requests.length;

  expect((await post(gateway, '/oauth/revoke', bearer)).status).toBe(200);

  await expectRevoked(call(gateway, bearer));
  await expectRevoked(call(gateway, bearer, '/cached'));
  expect((await post(gateway, '/oauth/introspect', bearer)).text).toBe('{"active":false}');
  expect(upstream.requests).toHaveLength(forwarded);
  for (const good of [other, await gateway.bearer()]) expect((await call(gateway, good)).status).toBe(200);
});

test('a token that another client tries to revoke stays good', async () => {
  const { gateway } = await prepare();
  const bearer = await gateway.bearer();
  expect((await post(gateway, '/oauth/revoke', bearer, 'writer')).status).toBe(200);
  expect((await call(gateway, bearer)).status).toBe(200);
});

test('a restart revives no revoked token and ends no other', async () => {
  const { gateway, start } = await prepare();
  const [revoked, good] = [await gateway.bearer(), await gateway.bearer()];
  await post(gateway, '/oauth/revoke', revoked);
  await gateway.close();

  const again = await start();
  await expectRevoked(call(again, revoked));
  expect((await post(again, '/oauth/introspect', revoked)).text).toBe('{"active":false}');
  for (const bearer of [good, await again.bearer()]) expect((await call(again, bearer)).status).toBe(200);
});
