import request from 'supertest';
import { reply, type Script, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { createHandClock, startGateway } from '../support/start-gateway.ts';

/** A gateway with cached routes over an upstream that numbers its answers; `fields` are those of every answer. */
async function startCached(fields: readonly string[] = [], script?: Script) {
  let count = 0;
  const upstream = await startScriptedUpstream(
    script ?? ((seen, socket) => void socket.write(reply(200, fields, `${seen.target} ${++count}`))),
  );
  const clock = createHandClock();
  const gateway = await startGateway(
    `
limits: { address: false }
services: { things: { instances: ["${upstream.url}"] } }
policies: [{ use: cache, with: { fresh: 30s } }]
routes:
  - { id: open, match: { methods: [GET], path: /open/* }, to: { service: things }, access: public }
  - { id: own, match: { methods: [GET], path: /own/* }, to: { service: things }, access: authenticated }
  - id: shared
    match: { methods: [GET], path: /shared/* }
    to: { service: things }
    access: { scopes: [read] }
    policies: [{ use: cache, with: { fresh: 30s, shared: true } }]
  - id: write
    match: { methods: [PUT, DELETE], path: "/open/{id}" }
    to: { service: things }
    access: public
    policies: [{ use: invalidate, with: { paths: ["/open/{id}/*"] } }, { use: cache, enabled: false }]
`,
    { clock },
  );
  return { upstream, gateway, clock, api: request(gateway.url) };
}

test('a miss, then hits that tell their age, then a miss again', async () => {
  const { api, upstream, clock } = await startCached(['ETag: "1"', 'X-Instance: one']);
  const first = await api.get('/open/1');
  expect([first.text, first.headers['cache-status'], first.headers.age]).toEqual([
    '/open/1 1',
    'garita; fwd=miss; stored',
    undefined,
  ]);
  clock.advance(12_000);
  const second = await api.get('/open/1');
  expect([second.text, second.headers['cache-status'], second.headers.age]).toEqual([
    '/open/1 1',
    'garita; hit; ttl=18',
    '12',
  ]);
  expect(second.headers['x-instance']).toBe('one');
  expect(second.headers['x-request-id']).not.toBe(first.headers['x-request-id']);
  clock.advance(18_000);
  expect((await api.get('/open/1')).text).toBe('/open/1 2');
  expect(upstream.requests).toHaveLength(2);
});

test('the query and the host belong to the key, the spelling of the path does not', async () => {
  const { api } = await startCached();
  expect((await api.get('/open/a?x=1')).text).toBe('/open/a?x=1 1');
  expect((await api.get('/open/a?x=2')).text).toBe('/open/a?x=2 2');
  expect((await api.get('/open/a?x=1').set('Host', 'other.example')).text).toBe('/open/a?x=1 3');
  expect((await api.get('//open/./%61?x=1')).text).toBe('/open/a?x=1 1');
});

test('a caller who has it already gets 304', async () => {
  const { api, upstream } = await startCached(['ETag: W/"a"']);
  await api.get('/open/1');
  for (const condition of ['W/"a"', '"a"', '"z", W/"a"', '*']) {
    const answer = await api.get('/open/1').set('If-None-Match', condition);
    expect([condition, answer.status, answer.text, answer.headers.etag]).toEqual([condition, 304, '', 'W/"a"']);
    expect(answer.headers['content-length']).toBeUndefined();
  }
  expect((await api.get('/open/1').set('If-None-Match', '"b"')).status).toBe(200);
  expect(upstream.requests).toHaveLength(1);
});

test('HEAD is answered from what GET brought, and brings nothing itself', async () => {
  const { api, upstream } = await startCached([], (seen, socket) => {
    socket.write(seen.method === 'HEAD' ? 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n' : reply(200, [], 'body'));
  });
  await api.head('/open/1');
  expect((await api.get('/open/1')).text).toBe('body');
  const head = await api.head('/open/1');
  expect([head.status, head.headers['content-length'], head.headers['cache-status']]).toEqual([
    200,
    '4',
    'garita; hit; ttl=30',
  ]);
  expect(upstream.requests.map(({ method }) => method)).toEqual(['HEAD', 'GET']);
});

test('each caller has its own, unless the route says that it is the same for all', async () => {
  const { api, gateway } = await startCached();
  const [reader, writer] = [await gateway.bearer('reader'), await gateway.bearer('writer')];
  const ask = async (path: string, bearer: string) => (await api.get(path).set('Authorization', bearer)).text;
  expect(await ask('/own/1', reader)).toBe('/own/1 1');
  expect(await ask('/own/1', writer)).toBe('/own/1 2');
  expect(await ask('/own/1', reader)).toBe('/own/1 1');
  // Another token of the same client and scopes is the same caller.
  expect(await ask('/own/1', await gateway.bearer('reader'))).toBe('/own/1 1');
  expect(await ask('/shared/1', reader)).toBe('/shared/1 3');
  expect(await ask('/shared/1', writer)).toBe('/shared/1 3');
});

test('who may not read it does not get it from memory either', async () => {
  const { api, gateway } = await startCached();
  await api.get('/shared/1').set('Authorization', await gateway.bearer('reader'));
  const refused = await api.get('/shared/1').set('Authorization', await gateway.bearer('nobody'));
  expect(refused.status).toBe(403);
  expect(refused.text).not.toContain('/shared/1 1');
  expect((await api.get('/shared/1')).status).toBe(401);
});

test.each([
  [['Cache-Control: private']],
  [['Cache-Control: public, No-Store']],
  [['Cache-Control: no-cache']],
  [['Cache-Control: max-age=0']],
  [['Cache-Control: max-age=60, s-maxage=0']],
  [['Cache-Control: max-age=5', 'Age: 5']],
  [['Set-Cookie: a=1']],
  [['Vary: *']],
  [['Vary: Accept', 'Vary: Cookie']],
  [['Vary: Authorization']],
])('%j is not kept', async (fields) => {
  const { api } = await startCached(fields);
  const texts = [(await api.get('/open/1')).text, (await api.get('/open/1')).text];
  expect(texts).toEqual(['/open/1 1', '/open/1 2']);
});

test('the service can say less than the route, never more', async () => {
  const { api, clock } = await startCached(['Cache-Control: max-age=5', 'Age: 2']);
  await api.get('/open/1');
  clock.advance(2000);
  const hit = await api.get('/open/1');
  expect([hit.text, hit.headers.age]).toEqual(['/open/1 1', '4']);
  clock.advance(1000);
  expect((await api.get('/open/1')).text).toBe('/open/1 2');
});

test.each([404, 500, 301, 206])('status %d is not kept', async (status) => {
  const { api, upstream } = await startCached([], (_seen, socket) => void socket.write(reply(status, [], 'x')));
  await api.get('/open/1').redirects(0);
  await api.get('/open/1').redirects(0);
  expect(upstream.requests).toHaveLength(2);
});

test('a body that was cut is not kept', async () => {
  const { gateway, upstream } = await startCached(
    [],
    (_seen, socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
  );
  for (let i = 0; i < 2; i += 1) {
    const answer = await fetch(`${gateway.url}/open/1`);
    await expect(answer.text()).rejects.toThrow();
  }
  expect(upstream.requests).toHaveLength(2);
});

test('variants by language live side by side', async () => {
  const { api } = await startCached(
    [],
    (seen, socket) =>
      void socket.write(reply(200, ['Vary: Accept-Language'], `${seen.header('accept-language')} ${Math.random()}`)),
  );
  const ask = async (language: string) => (await api.get('/open/1').set('Accept-Language', language)).text;
  const [spanish, english] = [await ask('es'), await ask('en')];
  expect([spanish.slice(0, 2), english.slice(0, 2)]).toEqual(['es', 'en']);
  expect([await ask('es'), await ask('en')]).toEqual([spanish, english]);
});

test.each<[string, Record<string, string>]>([
  ['no-cache', { 'Cache-Control': 'no-cache' }],
  ['no-store', { 'Cache-Control': 'no-store' }],
  ['max-age=0', { 'Cache-Control': 'max-age=0' }],
  ['a range', { Range: 'bytes=0-1' }],
])('a caller who asks for it anew (%s) gets it from the service', async (_what, headers) => {
  const { api } = await startCached();
  await api.get('/open/1');
  expect((await api.get('/open/1').set(headers)).text).toBe('/open/1 2');
});

test('a write that succeeded drops what it made stale, and only that', async () => {
  const { api, upstream } = await startCached(
    [],
    (seen, socket) =>
      void socket.write(reply(seen.header('x-fail') === undefined ? 200 : 409, [], `${upstream.requests.length}`)),
  );
  const one = (await api.get('/open/1/status')).text;
  const two = (await api.get('/open/2/status')).text;
  await api.put('/open/1').set('X-Fail', 'yes');
  expect((await api.get('/open/1/status')).text).toBe(one);
  await api.put('/open/1');
  expect((await api.get('/open/1/status')).text).not.toBe(one);
  expect((await api.get('/open/2/status')).text).toBe(two);
});

test('a reply that a write has overtaken is not kept', async () => {
  const waiting: (() => void)[] = [];
  const { api, upstream } = await startCached([], (seen, socket) => {
    if (seen.method === 'GET') waiting.push(() => void socket.write(reply(200, [], `${waiting.length}`)));
    else socket.write(reply(204));
  });
  const slow = api.get('/open/1').then(({ text }) => text);
  await upstream.request(1);
  await api.delete('/open/1');
  waiting[0]!();
  expect(await slow).toBe('1');
  const next = api.get('/open/1').then(({ text }) => text);
  await upstream.request(3);
  waiting[1]!();
  expect(await next).toBe('2');
});

test('routes that share a path do not share their replies', async () => {
  const named = (name: string) => startScriptedUpstream((_seen, socket) => void socket.write(reply(200, [], name)));
  const [open, inner] = await Promise.all([named('open'), named('inner')]);
  const gateway = await startGateway(`
services: { open: { instances: ["${open.url}"] }, inner: { instances: ["${inner.url}"] } }
policies: [{ use: cache, with: { fresh: 30s, shared: true } }]
routes:
  - { id: open, match: { methods: [GET], path: /x }, to: { service: open }, access: public }
  - id: inner
    match: { methods: [GET], path: /x, headers: { x-inner: "1" } }
    to: { service: inner }
    access: { scopes: [write] }
`);
  const api = request(gateway.url);
  const token = await gateway.bearer('writer');
  expect((await api.get('/x').set({ 'X-Inner': '1', Authorization: token })).text).toBe('inner');
  expect((await api.get('/x')).text).toBe('open');
  expect((await api.get('/x').set({ 'X-Inner': '1', Authorization: token })).text).toBe('inner');
});
