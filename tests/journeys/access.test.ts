import request from 'supertest';
import { always, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startGateway } from '../support/start-gateway.ts';

/** A gateway with one route of each kind of access, in front of one upstream that answers 200. */
async function startGuarded() {
  const upstream = await startScriptedUpstream(always(200, ['Content-Type: text/plain'], 'hello'));
  const gateway = await startGateway(`
services:
  things: { instances: ["${upstream.url}"] }
  trusting: { instances: ["${upstream.url}"], forwardToken: true }
routes:
  - { id: open, match: { path: /open }, to: { service: things }, access: public }
  - { id: any, match: { path: /any }, to: { service: things }, access: authenticated }
  - { id: read, match: { methods: [GET], path: /things/* }, to: { service: things }, access: { scopes: [read] } }
  - { id: write, match: { methods: [POST, PUT], path: /things }, to: { service: things }, access: { scopes: [write] } }
  - { id: either, match: { path: /either }, to: { service: things }, access: { scopes: { any: [read, write] } } }
  - { id: editors, match: { path: /editors }, to: { service: things }, access: { when: { role: editor } } }
  - { id: north, match: { path: /north }, to: { service: things }, access: { when: { claim: { tenant: north } } } }
  - { id: own, match: { path: "/own/{id}" }, to: { service: things }, access: { when: { subject: "{id}" } } }
  - { id: token, match: { path: /token }, to: { service: trusting }, access: { scopes: [read] } }
`);
  return { upstream, gateway, api: request(gateway.url) };
}

test('a token opens what its scope allows, and the service learns who calls', async () => {
  const { upstream, gateway, api } = await startGuarded();
  const reply = await api.get('/things/1').set('Authorization', await gateway.bearer());
  expect(reply.status).toBe(200);
  expect(reply.text).toBe('hello');
  const [seen] = upstream.requests;
  expect(seen!.header('X-Client-Id')).toBe('reader');
  expect(seen!.header('X-Scopes')).toBe('read');
  // A client that acts for itself is no user.
  expect(seen!.header('X-User-Id')).toBeUndefined();
  expect(seen!.header('Authorization')).toBeUndefined();
});

test('without a token: 401 and a challenge without an error code', async () => {
  const { api, upstream } = await startGuarded();
  const reply = await api.get('/things/1');
  expect(reply.status).toBe(401);
  expect(reply.headers['www-authenticate']).toBe('Bearer realm="garita"');
  expect(reply.headers['content-type']).toBe('application/problem+json');
  expect(reply.headers['cache-control']).toBe('no-store');
  expect(reply.body).toEqual({
    type: 'urn:garita:problem:token-missing',
    title: 'Unauthorized',
    status: 401,
    detail: expect.any(String),
    code: 'GW_TOKEN_MISSING',
    requestId: reply.headers['x-request-id'],
  });
  expect(upstream.requests).toHaveLength(0);
});

test.each(['Bearer', 'Bearer ', 'Bearer abc', 'bearer a.b.c', 'Bearer ümlaut', 'Bearer a b'])(
  'a bad token: 401 invalid_token (%s)',
  async (credential) => {
    const { gateway } = await startGuarded();
    const reply = await fetch(`${gateway.url}/any`, { headers: { Authorization: credential } });
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toContain('error="invalid_token"');
  },
);

test('another scheme is as good as no token', async () => {
  const { api } = await startGuarded();
  const reply = await api.get('/any').auth('reader', 'demo-only-reader');
  expect(reply.body.code).toBe('GW_TOKEN_MISSING');
});

test('a token beside another one, or in the query, is refused', async () => {
  const { gateway, api } = await startGuarded();
  const bearer = await gateway.bearer();
  const inQuery = await api.get('/any?access_token=x').set('Authorization', bearer);
  expect(inQuery.status).toBe(400);
  expect(inQuery.headers['www-authenticate']).toContain('error="invalid_request"');
});

test('a scope that is missing: 403 that names it', async () => {
  const { gateway, api } = await startGuarded();
  const reply = await api
    .post('/things')
    .set('Authorization', await gateway.bearer())
    .send({});
  expect(reply.status).toBe(403);
  expect(reply.body).toMatchObject({ code: 'GW_SCOPE_INSUFFICIENT', scope: 'write' });
  expect(reply.headers['www-authenticate']).toMatch(/error="insufficient_scope", scope="write"$/);
});

test('one of several scopes is enough where the route says so', async () => {
  const { gateway, api } = await startGuarded();
  expect((await api.get('/either').set('Authorization', await gateway.bearer('reader'))).status).toBe(200);
  expect((await api.get('/either').set('Authorization', await gateway.bearer('nobody'))).status).toBe(403);
});

test.each([
  ['/editors', 'writer', 'reader'],
  ['/north', 'writer', 'reader'],
  ['/own/reader', 'reader', 'writer'],
  ['/own/%72eader', 'reader', 'writer'],
])('the condition of %s admits %s and not %s', async (path, admitted, refused) => {
  const { gateway, api } = await startGuarded();
  expect((await api.get(path).set('Authorization', await gateway.bearer(admitted))).status).toBe(200);
  const reply = await api.get(path).set('Authorization', await gateway.bearer(refused));
  expect(reply.status).toBe(403);
  expect(reply.body.code).toBe('GW_FORBIDDEN');
});

test('a public route asks for nothing, and tells the service of nobody', async () => {
  const { api, upstream } = await startGuarded();
  expect((await api.get('/open')).status).toBe(200);
  expect(upstream.requests[0]!.header('X-Client-Id')).toBeUndefined();
});

test('the token goes on only where the service asks for it', async () => {
  const { gateway, api, upstream } = await startGuarded();
  const bearer = await gateway.bearer();
  await api.get('/token').set('Authorization', bearer);
  await api.get('/any').set('Authorization', bearer);
  expect(upstream.requests.map((seen) => seen.header('Authorization'))).toEqual([bearer, undefined]);
});

test('identity cannot be forged in any spelling', async () => {
  const { gateway, api, upstream } = await startGuarded();
  const forged = [
    'X-User-Id',
    'x-user-id',
    'X_User_Id',
    'x.user.id',
    'X-Client-Id',
    'X_Client_Id',
    'X-Scopes',
    'X-Roles',
    'x_roles',
  ];
  let call = api.get('/any').set('Authorization', await gateway.bearer());
  for (const name of forged) call = call.set(name, 'admin');
  expect((await call).status).toBe(200);
  expect(upstream.requests[0]!.headers.filter((value) => value === 'admin')).toEqual([]);
  expect(upstream.requests[0]!.header('X-Client-Id')).toBe('reader');
});

test('no route: 404. No method: 405 with Allow, HEAD where there is GET', async () => {
  const { gateway, api } = await startGuarded();
  const bearer = await gateway.bearer();
  const unknown = await api.get('/nowhere').set('Authorization', bearer);
  expect(unknown.status).toBe(404);
  expect(unknown.body.code).toBe('GW_NO_ROUTE');
  const method = await api.delete('/things').set('Authorization', bearer);
  expect(method.status).toBe(405);
  expect(method.headers.allow).toBe('GET, HEAD, POST, PUT');
  expect(method.body.code).toBe('GW_METHOD_NOT_ALLOWED');
});

test('HEAD takes the route of GET', async () => {
  const { gateway, api, upstream } = await startGuarded();
  const reply = await api.head('/things/1').set('Authorization', await gateway.bearer());
  expect(reply.status).toBe(200);
  expect(reply.headers['content-length']).toBe('5');
  expect(upstream.requests[0]!.method).toBe('HEAD');
});
