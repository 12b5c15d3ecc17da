import { fieldsOf, rawRequest, statusOf } from '../support/raw-client.ts';
import { reply, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startGateway } from '../support/start-gateway.ts';

const shop = 'https://shop.example.com';
const partner = 'https://partner.example.com';

/** Routes on one path for different origins, over a service that has its own idea of CORS. */
async function startShared(limits = 'limits: { address: false }') {
  const upstream = await startScriptedUpstream(
    (request, socket) =>
      void socket.write(
        reply(
          request.target === '/orders/none' ? 404 : 200,
          [
            'Access-Control-Allow-Origin: *',
            'access-control-allow-credentials: true',
            'Cache-Control: max-age=60',
            'Vary: Accept',
          ],
          '{}',
        ),
      ),
  );
  const gateway = await startGateway(`
${limits}
services: { orders: { instances: ["${upstream.url}"], access: authenticated } }
policies: [{ use: cors, with: { origins: ["${shop}"], maxAge: 5m } }]
routes:
  - id: read
    match: { methods: [GET], path: "/orders/*" }
    to: { service: orders }
    policies:
      - { use: rate-limit, with: { limit: 3, per: 1m } }
      - { use: cache, with: { fresh: 1m, shared: true } }
  - id: write
    match: { methods: [PUT, DELETE], path: "/orders/*" }
    to: { service: orders }
    access: { scopes: [write] }
    policies: [{ use: cors, with: { origins: ["${shop}", "${partner}"], headers: [x-reason], credentials: true } }]
  - id: beta
    match: { methods: [PUT], path: "/orders/*", headers: { x-beta: { present: true } } }
    to: { service: orders }
    policies: [{ use: cors, with: { origins: "https://beta.example.com", methods: [PUT], headers: "*" } }]
  - id: feed
    match: { path: /feed }
    to: { service: orders }
    access: public
    policies: [{ use: cors, with: { origins: "*", exposed: [] } }]
  - id: closed
    match: { path: /closed }
    to: { service: orders }
    access: public
    policies: [{ use: cors, enabled: false }]
`);
  const send = (method: string, path: string, fields: readonly string[] = []) =>
    rawRequest(
      gateway.port,
      `${[`${method} ${path} HTTP/1.1`, 'Host: a', ...fields, 'Connection: close'].join('\r\n')}\r\n\r\n`,
    );
  const preflight = (path: string, origin: string, method: string, fields: readonly string[] = []) =>
    send('OPTIONS', path, [`Origin: ${origin}`, `Access-Control-Request-Method: ${method}`, ...fields]);
  return { gateway, upstream, send, preflight };
}

const named = (response: string, ...names: string[]) => names.map((name) => fieldsOf(response, name).join(' | '));

test('a preflight is answered before method, token and scope matter, by the route of the method that it asks for', async () => {
  const { preflight, upstream } = await startShared();
  const read = await preflight('/orders/1', shop, 'GET', ['Access-Control-Request-Headers: authorization']);
  expect(statusOf(read)).toBe(204);
  expect(read.split('\r\n\r\n')[1]).toBe('');
  expect(
    named(read, 'Access-Control-Allow-Origin', 'Access-Control-Allow-Methods', 'Access-Control-Max-Age', 'Vary'),
  ).toEqual([shop, 'GET', '300', 'Origin']);
  expect(fieldsOf(read, 'Access-Control-Allow-Headers')[0]).toContain('Authorization, Content-Type');
  expect(fieldsOf(read, 'Access-Control-Allow-Credentials')).toEqual([]);
  const write = await preflight('/orders/1', partner, 'DELETE');
  expect(
    named(
      write,
      'Access-Control-Allow-Origin',
      'Access-Control-Allow-Methods',
      'Access-Control-Allow-Headers',
      'Access-Control-Allow-Credentials',
    ),
  ).toEqual([partner, 'PUT, DELETE', 'x-reason', 'true']);
  expect(upstream.requests).toHaveLength(0);
});

test('a route that header fields choose answers for its own origins, although a preflight does not have them', async () => {
  const { preflight, gateway } = await startShared();
  const beta = await preflight('/orders/1', 'https://beta.example.com', 'PUT', [
    'Access-Control-Request-Headers: x-beta, X-Other, b@d',
  ]);
  expect(named(beta, 'Access-Control-Allow-Origin', 'Access-Control-Allow-Headers')).toEqual([
    'https://beta.example.com',
    'x-beta, X-Other',
  ]);
  expect(statusOf(await preflight('/orders/1', shop, 'PUT'))).toBe(204);
  await gateway.logged({ route: 'beta', status: 204 });
  await gateway.logged({ route: 'write', status: 204 });
});

test('origins are compared exactly; others, and null, are refused with a reason', async () => {
  const { preflight } = await startShared();
  for (const origin of [`${shop}:443`, `${shop}.evil.example`, 'http://shop.example.com', 'null', `${shop}/`, '*']) {
    const answer = await preflight('/orders/1', origin, 'GET');
    expect(statusOf(answer)).toBe(403);
    expect(answer).toContain('GW_ORIGIN_REFUSED');
    expect(named(answer, 'Access-Control-Allow-Origin', 'Vary')).toEqual(['', 'Origin']);
  }
});

test('without a route that says something to other origins everything is as it was', async () => {
  const { preflight, send, upstream } = await startShared();
  expect(statusOf(await preflight('/nowhere', shop, 'GET'))).toBe(404);
  expect(statusOf(await preflight('/orders/1', shop, 'PATCH'))).toBe(405);
  // Not a preflight: it goes the way of every other request.
  expect(statusOf(await send('OPTIONS', '/orders/1', [`Origin: ${shop}`]))).toBe(405);
  expect(statusOf(await send('OPTIONS', '/orders/1', ['Access-Control-Request-Method: GET']))).toBe(405);
  // The service may answer for itself where its route lets the method through.
  expect(fieldsOf(await preflight('/closed', shop, 'GET'), 'Access-Control-Allow-Origin')).toEqual(['*']);
  expect(upstream.requests.map(({ method }) => method)).toEqual(['OPTIONS']);
});

test('every reply of the route can be read: refusals, errors of the service, cached ones, each for its own origin', async () => {
  const { send, gateway, upstream } = await startShared();
  const cors = (response: string) =>
    named(response, 'Access-Control-Allow-Origin', 'Vary', 'Access-Control-Allow-Credentials');
  const unknown = await send('GET', '/orders/1', [`Origin: ${shop}`]);
  expect([statusOf(unknown), ...cors(unknown)]).toEqual([401, shop, 'Origin', '']);
  expect(fieldsOf(unknown, 'Access-Control-Expose-Headers')[0]).toContain('Retry-After, WWW-Authenticate');
  const token = `Authorization: ${await gateway.bearer('reader')}`;
  const forbidden = await send('PUT', '/orders/1', [`Origin: ${partner}`, token]);
  expect([statusOf(forbidden), ...cors(forbidden)]).toEqual([403, partner, 'Origin', 'true']);

  const missing = await send('GET', '/orders/none', [`Origin: ${shop}`, token]);
  expect([statusOf(missing), ...cors(missing)]).toEqual([404, shop, 'Accept | Origin', '']);
  const first = await send('GET', '/orders/1', [`Origin: ${shop}`, token]);
  const other = await send('GET', '/orders/1', [`Origin: ${partner}`, token]);
  expect([fieldsOf(first, 'Cache-Status'), ...cors(first)]).toEqual([
    ['garita; fwd=miss; stored'],
    shop,
    'Accept | Origin',
    '',
  ]);
  expect([fieldsOf(other, 'Cache-Status')[0]?.slice(0, 11), ...cors(other)]).toEqual([
    'garita; hit',
    '',
    'Accept | Origin',
    '',
  ]);
  const tooMany = await send('GET', '/orders/1', [`Origin: ${shop}`, token]);
  expect([statusOf(tooMany), ...cors(tooMany)]).toEqual([429, shop, 'Origin', '']);
  await upstream.close();
  const gone = await send('PUT', '/orders/1', [`Origin: ${shop}`, `Authorization: ${await gateway.bearer('writer')}`]);
  expect([statusOf(gone), ...cors(gone)]).toEqual([503, shop, 'Origin', 'true']);
});

test('what the service says itself never comes through', async () => {
  const { send } = await startShared();
  const open = await send('GET', '/feed');
  expect(named(open, 'Access-Control-Allow-Origin', 'Access-Control-Allow-Credentials', 'Vary')).toEqual([
    '*',
    '',
    'Accept',
  ]);
  expect(fieldsOf(open, 'Access-Control-Expose-Headers')).toEqual([]);
  const twice = await send('GET', '/feed', ['Origin: a', 'Origin: b']);
  expect(fieldsOf(twice, 'Access-Control-Allow-Origin')).toEqual(['*']);
});

test('what was refused before its route was looked for can be read as well', async () => {
  const { send, preflight } = await startShared('limits: { body: 10B, address: { limit: 2, per: 1m } }');
  const large = await send('PUT', '/orders/1', [`Origin: ${shop}`, 'Content-Length: 11']);
  expect([statusOf(large), ...fieldsOf(large, 'Access-Control-Allow-Origin')]).toEqual([413, shop]);
  await preflight('/orders/1', shop, 'GET');
  await preflight('/orders/1', shop, 'GET');
  const limited = await send('GET', '/orders/1', [`Origin: ${shop}`]);
  expect([statusOf(limited), ...fieldsOf(limited, 'Access-Control-Allow-Origin')]).toEqual([429, shop]);
  expect(statusOf(await preflight('/orders/1', shop, 'GET'))).toBe(429);
});
