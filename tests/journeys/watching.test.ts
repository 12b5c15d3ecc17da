import request from 'supertest';
import { always, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startGateway } from '../support/start-gateway.ts';

async function startWatched() {
  const upstream = await startScriptedUpstream(always(200, [], 'hello'));
  const gateway = await startGateway(`
services: { things: { instances: ["${upstream.url}"] } }
routes:
  - id: things
    match: { methods: [GET], path: /things/* }
    to: { service: things }
    access: { scopes: [read] }
    policies: [{ use: cache, with: { fresh: 30s } }]
`);
  return { upstream, gateway };
}

test('the log has one line for each exchange, with all that an operator asks for, and no secret', async () => {
  const { upstream, gateway } = await startWatched();
  const bearer = await gateway.bearer();
  const trace = '0af7651916cd43dd8448eb211c80319c';
  await request(gateway.url)
    .get('/things/1?card=4111')
    .set({ Authorization: bearer, 'X-Request-Id': 'one', traceparent: `00-${trace}-b7ad6b7169203331-01` });
  expect(await gateway.logged({ id: 'one' })).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    level: 'info',
    message: 'exchange',
    id: 'one',
    trace,
    address: '127.0.0.1',
    method: 'GET',
    host: `127.0.0.1:${gateway.port}`,
    path: '/things/1',
    client: 'reader',
    subject: 'reader',
    route: 'things',
    service: 'things',
    instance: upstream.id,
    status: 200,
    bytes: 5,
    ms: expect.any(Number),
    upstreamMs: expect.any(Number),
    attempts: 1,
    cache: 'fwd=miss; stored',
  });
  await request(gateway.url)
    .get('/things/1')
    .set({ Authorization: `${bearer}x`, 'X-Request-Id': 'two' });
  await gateway.logged({ id: 'two', status: 401, error: 'GW_TOKEN_INVALID' });
  await request(gateway.url).head('/things/1?card=4111').set({ Authorization: bearer, 'X-Request-Id': 'three' });
  expect(await gateway.logged({ id: 'three' })).toMatchObject({
    cache: expect.stringMatching(/^hit/),
    attempts: 0,
    bytes: 0,
  });
  expect(gateway.rawLog).not.toMatch(/eyJ|demo-only|4111|Bearer/);
});

test('metrics count what happened', async () => {
  const { upstream, gateway } = await startWatched();
  const api = request(gateway.url);
  const bearer = await gateway.bearer();
  for (let i = 0; i < 3; i += 1) await api.get('/things/1').set('Authorization', bearer);
  await api.get('/things/1');
  await api.get('/nowhere');
  await upstream.close();
  await api.get('/things/2').set('Authorization', bearer);
  const { text } = await request(gateway.operationsUrl).get('/metrics');
  for (const line of [
    'garita_requests_total{route="things",service="things",method="GET",status="200"} 3',
    'garita_requests_total{route="things",service="things",method="GET",status="401"} 1',
    'garita_requests_total{route="things",service="things",method="GET",status="503"} 1',
    'garita_requests_total{route="none",service="none",method="GET",status="404"} 1',
    'garita_requests_total{route="oauth",service="none",method="POST",status="200"} 1',
    'garita_cache_requests_total{route="things",result="hit"} 2',
    'garita_cache_requests_total{route="things",result="miss"} 1',
    'garita_errors_total{code="GW_TOKEN_MISSING"} 1',
    'garita_errors_total{code="GW_NO_ROUTE"} 1',
    'garita_errors_total{code="GW_SERVICE_UNAVAILABLE"} 1',
    'garita_upstream_duration_seconds_count{service="things"} 1',
    `garita_instance_up{service="things",instance="${upstream.id}"} 0`,
    `garita_instance_in_flight{service="things",instance="${upstream.id}"} 0`,
    'garita_requests_in_flight 0',
    'garita_cache_entries 1',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(text).not.toContain('/things/1');
});

test('the operations listener is another port, and nothing of it is public', async () => {
  const { gateway } = await startWatched();
  for (const path of ['/livez', '/readyz', '/metrics']) {
    expect((await request(gateway.operationsUrl).get(path)).status).toBe(200);
    const answer = await request(gateway.url).get(path);
    expect([answer.status, answer.body.code]).toEqual([404, 'GW_NO_ROUTE']);
  }
  expect((await request(gateway.operationsUrl).get('/things/1')).status).toBe(404);
});
