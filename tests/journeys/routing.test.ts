import request from 'supertest';
import { reply, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startGateway } from '../support/start-gateway.ts';

/** Asks a gateway with these routes; the answer is what the upstream was asked for, or the code of the error. */
async function startRouted(routes: string) {
  const [things, others] = await Promise.all(
    ['things', 'others'].map((name) =>
      startScriptedUpstream(
        (seen, socket) => void socket.write(reply(200, [], `${name} ${seen.method} ${seen.target}`)),
      ),
    ),
  );
  const gateway = await startGateway(`
services:
  things: { instances: ["${things!.url}"], access: public }
  others: { instances: ["${others!.url}"], access: public, preserveHost: true }
routes:
${routes}
`);
  return {
    gateway,
    others: others!,
    async ask(path: string, headers: Record<string, string> = {}) {
      const answer = await request(gateway.url).get(path).set(headers);
      return answer.status === 200 ? answer.text : (answer.body.code as string);
    },
  };
}

test('an expression maps an old address to the resource', async () => {
  const { ask } = await startRouted(`
  - { id: old, match: { methods: [GET], pattern: "^/clientes/(?<id>[0-9]{1,9})(?:/(?<part>[a-z]*))?$" }, to: { service: things, path: "/customers/{id}" } }
  - { id: piece, match: { pattern: "^/f/(?<rest>.*)$" }, to: { service: things, path: "/files/{rest}" } }
`);
  expect(await ask('/clientes/17?a=b')).toBe('things GET /customers/17?a=b');
  expect(await ask('/clientes/x')).toBe('GW_NO_ROUTE');
  expect(await ask('/clientes/1234567890')).toBe('GW_NO_ROUTE');
  expect(await ask('/f/a/b')).toBe('things GET /files/a/b');
  expect(await ask('/f/a/../../x')).toBe('GW_NO_ROUTE');
});

test('a template moves what it captured, still encoded; a wildcard takes nothing too', async () => {
  const { ask } = await startRouted(`
  - { id: one, match: { path: "/api/{id}/x" }, to: { service: things, path: "/v2/x/{id}" } }
  - { id: all, match: { path: /all/* }, to: { service: things, path: /* } }
`);
  expect(await ask('/api/a%20b/x')).toBe('things GET /v2/x/a%20b');
  expect([await ask('/all'), await ask('/all/'), await ask('/all/a//b')]).toEqual([
    'things GET /',
    'things GET /',
    'things GET /a/b',
  ]);
});

test('a named host before a wildcard before any', async () => {
  const { ask, others } = await startRouted(`
  - { id: any, match: { path: /* }, to: { service: things, path: /any } }
  - { id: wild, match: { path: /*, hosts: ["*.example.com"] }, to: { service: things, path: /wild } }
  - { id: named, match: { path: /*, hosts: [api.example.com] }, to: { service: others, path: /named } }
`);
  const at = (host: string) => ask('/', { Host: host });
  expect(await at('API.example.com:8080')).toBe('others GET /named');
  expect(others.requests[0]!.header('host')).toBe('api.example.com:8080');
  expect([await at('a.example.com'), await at('a.b.example.com')]).toEqual(['things GET /wild', 'things GET /wild']);
  expect([await at('example.com'), await at('badexample.com'), await at('api.example.com.evil.test')]).toEqual([
    'things GET /any',
    'things GET /any',
    'things GET /any',
  ]);
});

test('header and query values decide, and what has conditions is asked first', async () => {
  const { ask } = await startRouted(`
  - { id: plain, match: { path: /x }, to: { service: things, path: /plain } }
  - { id: beta, match: { path: /x, headers: { x-beta: { pattern: "yes|on" } } }, to: { service: things, path: /beta } }
  - { id: v2, match: { path: /x, query: { v: "2" } }, to: { service: things, path: /v2 } }
`);
  expect(await ask('/x')).toBe('things GET /plain');
  expect(await ask('/x', { 'X-Beta': 'on' })).toBe('things GET /beta');
  expect(await ask('/x', { 'X-Beta': 'only' })).toBe('things GET /plain');
  expect([await ask('/x?v=2'), await ask('/x?v=22'), await ask('/x?v=1&v=2')]).toEqual([
    'things GET /v2?v=2',
    'things GET /plain?v=22',
    'things GET /v2?v=1&v=2',
  ]);
});

test('the priority decides where two match', async () => {
  const { ask } = await startRouted(`
  - { id: exact, match: { path: /x/y }, to: { service: things, path: /exact } }
  - { id: all, match: { path: /x/* }, priority: 1, to: { service: things, path: /all } }
`);
  expect(await ask('/x/y')).toBe('things GET /all');
});

test('one spelling of a path is as good as the other, for the guards too', async () => {
  const upstream = await startScriptedUpstream((seen, socket) => void socket.write(reply(200, [], seen.target)));
  const gateway = await startGateway(`
services: { things: { instances: ["${upstream.url}"] } }
routes:
  - { id: all, match: { path: /* }, to: { service: things }, access: public }
  - { id: admin, match: { path: /admin/* }, to: { service: things }, access: { scopes: [write] } }
`);
  const spellings = [
    '/admin',
    '//admin',
    '/./admin',
    '/x/../admin/y',
    '/%61dmin',
    '/admin/./z',
    '/x//..//admin',
    '/%2e/admin',
  ];
  // A client of its own, because others tidy the path before they send it.
  const { rawRequest, statusOf } = await import('../support/raw-client.ts');
  for (const spelling of spellings) {
    const answer = await rawRequest(gateway.port, `GET ${spelling} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    expect([spelling, statusOf(answer)]).toEqual([spelling, 401]);
  }
  expect(upstream.requests).toHaveLength(0);
});
