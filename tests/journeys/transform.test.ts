import { connectRaw, fieldsOf, rawRequest, statusOf } from '../support/raw-client.ts';
import { reply, type Script, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startGateway } from '../support/start-gateway.ts';

const json = (body: string, ...fields: string[]) => reply(200, ['Content-Type: application/json', ...fields], body);

/** A gateway whose route `/t/{id}` is transformed as the text says, over an upstream with one answer. */
async function startTransforming(options: string, answer: string | Buffer | Script, more = '', total = '30s') {
  const upstream = await startScriptedUpstream(
    typeof answer === 'function' ? answer : (_request, socket) => void socket.write(answer),
  );
  const gateway = await startGateway(`
limits: { address: false }
services: { things: { instances: ["${upstream.url}"], timeouts: { total: ${total} } } }
routes:
  - id: t
    match: { path: "/t/{id}" }
    to: { service: things, path: "/things/{id}" }
    access: public
    policies:
      - { use: transform, with: ${options} }${more}
`);
  const send = (request: string, fields: readonly string[] = []) =>
    rawRequest(
      gateway.port,
      `${[`${request} HTTP/1.1`, 'Host: a', ...fields, 'Connection: close'].join('\r\n')}\r\n\r\n`,
    );
  return { gateway, upstream, send };
}

const bodyOf = (response: string) => response.slice(response.indexOf('\r\n\r\n') + 4);

test('header fields and the query reach the service as configured, the rest byte for byte', async () => {
  const { send, upstream } = await startTransforming(
    `{ request: {
        headers: { remove: [cookie, Origin], rename: { X-Old: X-New }, set: { authorization: "Basic Zm9v", x-key: "t:{id}" }, add: { accept: text/csv } },
        query: { remove: [debug], rename: { q: search }, set: { id: "{id}" } } } }`,
    reply(200),
  );
  await send('GET /t/a;b=1&c?x=%zz&de%62ug=1&q=a+b%2B&&y', [
    'Cookie: a=1',
    'x-old: 1',
    'Accept: a/b',
    'origin: https://x',
    'Authorization: Bearer caller',
    'X-Key: forged',
    'Connection: x-key, authorization',
    'X-Last: \xe4',
  ]);
  const { target, headers } = upstream.requests[0]!;
  expect(target).toBe('/things/a;b=1&c?x=%zz&search=a+b%2B&&y&id=a%3Bb%3D1%26c');
  const known = headers.slice(headers.indexOf('x-old') + 1, headers.indexOf('Via'));
  expect(known).toEqual(
    expect.arrayContaining(['X-New', '1', 'Accept', 'a/b', 'X-Last', '\xe4', 'authorization', 'Basic Zm9v']),
  );
  expect(known.slice(known.indexOf('x-key'))).toEqual(['x-key', 't:a;b=1&c', 'accept', 'text/csv']);
  expect(headers.map((name) => name.toLowerCase())).not.toEqual(expect.arrayContaining(['cookie']));
  expect(headers.map((name) => name.toLowerCase())).not.toEqual(expect.arrayContaining(['origin']));
  expect(headers).not.toContain('forged');
  expect(headers).not.toContain('Bearer caller');
});

test('header fields of replies change without the body being held', async () => {
  const { gateway, upstream } = await startTransforming(
    '{ response: { headers: { remove: [server, x-powered-by], rename: { X-Total: X-Total-Count }, set: { cache-control: no-cache }, add: { link: "</t/{id}>; rel=self" } }, status: { "203": 200 } } }',
    (_request, socket) =>
      void socket.write(
        'HTTP/1.1 203 No\r\nServer: x\r\nX-Total: 3\r\nETag: "1"\r\nCache-Control: public\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n',
      ),
  );
  const caller = await connectRaw(gateway.port);
  caller.write('GET /t/7 HTTP/1.1\r\nHost: a\r\n\r\n');
  const begun = await caller.until('one');
  expect(begun).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(
    ['server', 'x-total-count', 'x-total', 'cache-control', 'link', 'etag'].map((name) => fieldsOf(begun, name)),
  ).toEqual([[], ['3'], [], ['no-cache'], ['</t/7>; rel=self'], ['"1"']]);
  expect(upstream.requests[0]!.header('accept-encoding')).toBeUndefined();
});

const shaping = '{ response: { json: { drop: [secret], rename: { nm: name }, envelope: data, limit: 100B } } }';
/** The name of a form in entity tags. */
const formIn = (answer: string) => /"1\.garita-([0-9a-f]{8})"/.exec(answer)?.[1];

test('a JSON reply gets its public form, with fields that fit it', async () => {
  const { send, upstream } = await startTransforming(
    shaping,
    json(
      '{"id":12345678901234567890,"secret":1,"nm":"\u00e9"}',
      'ETag: "1"',
      'Content-Digest: sha-256=:x:',
      'Accept-Ranges: bytes',
    ),
  );
  const form = formIn(await send('GET /t/1'));
  const answer = await send('GET /t/1', [
    'Accept-Encoding: gzip',
    'Range: bytes=0-3',
    `If-None-Match: "0.garita-${form}", "9"`,
  ]);
  expect(bodyOf(answer)).toBe('{"data":{"id":12345678901234567890,"name":"\u00c3\u00a9"}}');
  expect(['content-length', 'etag', 'content-digest', 'accept-ranges'].map((name) => fieldsOf(answer, name))).toEqual([
    [String(bodyOf(answer).length)],
    [`"1.garita-${form}"`],
    [],
    [],
  ]);
  const asked = upstream.requests[1];
  expect(['accept-encoding', 'range', 'if-none-match'].map((name) => asked!.header(name))).toEqual([
    'identity',
    undefined,
    '"0", "9"',
  ]);
});

test('a HEAD and a 304 say what the GET would say, and have no body', async () => {
  const { send } = await startTransforming(shaping, (request, socket) => {
    const head = 'Content-Type: application/json\r\nETag: "1"\r\nContent-Length: 40\r\n\r\n';
    socket.write(`HTTP/1.1 ${request.header('if-none-match') === undefined ? '200' : '304'} X\r\n${head}`);
  });
  const said = async (request: string, fields: string[] = []) => {
    const answer = await send(request, fields);
    return [statusOf(answer), bodyOf(answer), fieldsOf(answer, 'etag')[0], fieldsOf(answer, 'content-length')];
  };
  const tag = `"1.garita-${formIn(await send('HEAD /t/1'))}"`;
  expect(await said('HEAD /t/1')).toEqual([200, '', tag, []]);
  expect(await said('HEAD /t/1', [`If-None-Match: ${tag}`])).toEqual([304, '', tag, []]);
  expect(await said('GET /t/1', [`If-None-Match: ${tag}`])).toEqual([304, '', tag, []]);
  // Who knows an unshaped reply hears of that one.
  expect(await said('GET /t/1', ['If-None-Match: "1"'])).toEqual([304, '', '"1"', []]);
});

test.each([
  ['no JSON', reply(200, ['Content-Type: text/plain', 'ETag: "1"'], '{"secret":1}'), '{"secret":1}'],
  ['an error', reply(500, ['Content-Type: application/json', 'ETag: "1"'], '{"secret":1}'), '{"secret":1}'],
  ['nothing', reply(204, ['Content-Type: application/json', 'ETag: "1"']), ''],
  ['a problem', reply(200, ['Content-Type: application/problem+json', 'ETag: "1"'], '{"secret":1}'), '{"secret":1}'],
])('%s passes as it is', async (_name, answer, body) => {
  const { send } = await startTransforming(shaping, answer);
  const passed = await send('GET /t/1');
  expect([bodyOf(passed), fieldsOf(passed, 'etag')]).toEqual([body, ['"1"']]);
});

test('an empty body stays one', async () => {
  const { send } = await startTransforming(shaping, json(''));
  const answer = await send('GET /t/1');
  expect([statusOf(answer), bodyOf(answer), fieldsOf(answer, 'content-length')]).toEqual([200, '', ['0']]);
});

const chunked = (body: string) =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/vnd.x+json\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

test.each([
  ['too large by its length', json(`"${'a'.repeat(100)}"`), 'larger than 100 bytes'],
  ['too large in chunks', chunked(`"${'a'.repeat(100)}"`), 'larger than 100 bytes'],
  ['coded', json('x', 'Content-Encoding: gzip'), 'coded: gzip'],
  ['in another charset', json('{}').replace('/json', '/json; charset="latin1"'), 'not UTF-8 but latin1'],
  ['not JSON', json('{"secret":1'), 'the JSON of the reply is not JSON in UTF-8'],
  ['not UTF-8', Buffer.from(json('"\u00ff"').replace(': 4', ': 3'), 'latin1'), 'not JSON in UTF-8'],
  ['a part', json('{"secret":1}').replace('200', '206'), 'a part of a text'],
])('what is %s is never sent by half', async (_name, answer, reason) => {
  const { send, gateway } = await startTransforming(shaping, answer);
  const refused = await send('GET /t/1');
  expect([statusOf(refused), refused.includes('GW_TRANSFORM_FAILED'), refused.includes('secret')]).toEqual([
    502,
    true,
    false,
  ]);
  const line = await gateway.logged({ status: 502 });
  expect(JSON.stringify(line)).toContain(reason);
});

test('deep nesting is refused, and the gateway lives', async () => {
  const { send } = await startTransforming(
    shaping.replace('100B', '1MB'),
    json(`${'['.repeat(200_000)}${']'.repeat(200_000)}`),
  );
  expect(statusOf(await send('GET /t/1'))).toBe(502);
  expect(statusOf(await send('GET /t/1'))).toBe(502);
});

test('a body that is cut is an error, and one that never ends runs into the time-out', async () => {
  const half = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"a":';
  const cut = await startTransforming(shaping, (_request, socket) => void socket.end(half));
  const broken = await cut.send('GET /t/1');
  expect([statusOf(broken), broken.includes('GW_UPSTREAM_FAILED')]).toEqual([502, true]);
  const mute = await startTransforming(shaping, half, '', '100ms');
  expect(statusOf(await mute.send('GET /t/1'))).toBe(504);
  await mute.upstream.disconnected();
});

test('a caller who leaves while the body is being gathered stops the attempt', async () => {
  const { gateway, upstream } = await startTransforming(
    shaping,
    'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"a":',
  );
  const caller = await connectRaw(gateway.port);
  caller.write('GET /t/1 HTTP/1.1\r\nHost: a\r\n\r\n');
  await upstream.request(1);
  caller.socket.destroy();
  await upstream.disconnected();
  await gateway.logged({ status: 499, route: 't' });
});

test('a status is mapped for the caller, with an empty body where there was none', async () => {
  const { send } = await startTransforming(
    '{ response: { status: { "404": 200, "500": 503 } } }',
    (request, socket) => void socket.write(reply(request.target === '/things/1' ? 404 : 500, ['ETag: "1"'], '{}')),
  );
  const found = await send('GET /t/1');
  expect([statusOf(found), bodyOf(found), fieldsOf(found, 'etag')]).toEqual([200, '{}', ['"1"']]);
  expect(statusOf(await send('GET /t/2'))).toBe(503);
});

test('the cache keeps the public form, under what the caller asked for', async () => {
  const { send, upstream } = await startTransforming(
    '{ request: { query: { remove: [noise] } }, response: { json: { keep: [id] } } }',
    json('{"id":1,"secret":2}', 'ETag: "1"'),
    '\n      - { use: cache, with: { fresh: 1m } }',
  );
  const seen = async (path: string, fields: string[] = []) => {
    const answer = await send(`GET ${path}`, fields);
    return [statusOf(answer), bodyOf(answer), fieldsOf(answer, 'cache-status')[0]?.slice(8, 16)];
  };
  expect(await seen('/t/1?noise=1')).toEqual([200, '{"id":1}', 'fwd=miss']);
  expect(await seen('/t/1?noise=1')).toEqual([200, '{"id":1}', 'hit; ttl']);
  expect(await seen('/t/1?noise=1', ['If-None-Match: *'])).toEqual([304, '', 'hit; ttl']);
  expect(await seen('/t/1?noise=2')).toEqual([200, '{"id":1}', 'fwd=miss']);
  expect(upstream.requests.map(({ target }) => target)).toEqual(['/things/1', '/things/1']);
});

test('a write makes cached replies stale by the status of the service, not by the one that callers get', async () => {
  const { send, upstream } = await startTransforming(
    '{ response: { status: { "201": 409 } } }',
    (request, socket) => void socket.write(reply(request.method === 'PUT' ? 201 : 200, [], 'x')),
    '\n      - { use: cache, with: { fresh: 1m } }\n      - { use: invalidate, with: { paths: ["/t/{id}"] } }',
  );
  await send('GET /t/1');
  expect(statusOf(await send('PUT /t/1'))).toBe(409);
  await send('GET /t/1');
  expect(upstream.requests.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET']);
});

const body = (text: string, ...fields: string[]) =>
  `${fields.join('\r\n')}${fields.length > 0 ? '\r\n' : ''}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
const document = 'Content-Type: application/json; charset=utf-8';

async function startShapingRequests() {
  const { gateway, upstream } = await startTransforming(
    '{ request: { json: { drop: [role, "*.role"], rename: { nm: name }, set: { id: "{id}", origin: 7 }, limit: 100B } } }',
    reply(200),
  );
  const post = (rest: string) =>
    rawRequest(gateway.port, `POST /t/a%20b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${rest}`);
  return { upstream, post };
}

test('the service gets JSON bodies in its own form, with the length that they have then', async () => {
  const { upstream, post } = await startShapingRequests();
  const sent = '{"role":"admin","role":"root","nm":"Ada","big":12345678901234567890,"x":{"role":1}}';
  expect(statusOf(await post(body(sent, document, 'Content-Digest: sha-256=:x:')))).toBe(200);
  const chunks = `${document}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"n\r\n7\r\nm":"e"}\r\n0\r\n\r\n`;
  expect(statusOf(await post(chunks))).toBe(200);
  expect(statusOf(await post('\r\n'))).toBe(200);
  const expected = '{"name":"Ada","big":12345678901234567890,"x":{},"id":"a b","origin":7}';
  const [first, second, third] = upstream.requests;
  expect([await first!.body, first!.header('content-length'), first!.header('content-digest')]).toEqual([
    expected,
    String(expected.length),
    undefined,
  ]);
  expect(await second!.body).toBe('{"name":"e","id":"a b","origin":7}');
  expect(second!.header('transfer-encoding')).toBeUndefined();
  expect(await third!.body).toBe('');
});

test('no body passes by its form', async () => {
  const { upstream, post } = await startShapingRequests();
  const refused: [string, number][] = [
    [body('role=admin', 'Content-Type: application/x-www-form-urlencoded'), 415],
    [body('{"role":1}'), 415],
    [body('[{"op":"add","path":"/role","value":1}]', 'Content-Type: application/json-patch+json'), 415],
    [body('{}', document, 'Content-Encoding: gzip'), 415],
    [body('{}', 'Content-Type: application/json; charset=utf-16'), 415],
    [body('{"role":1', document), 400],
    [body('['.repeat(90), document), 400],
    [body(`"${'a'.repeat(99)}"`, document), 413],
  ];
  for (const [request, status] of refused) expect([request, statusOf(await post(request))]).toEqual([request, status]);
  expect(upstream.requests).toHaveLength(0);
});

test('the tag of a shaped reply is good for a write through another route', async () => {
  const { gateway, upstream } = await startTransforming(
    shaping,
    (request, socket) => void socket.write(request.method === 'GET' ? json('{}', 'ETag: "1"') : reply(204)),
  );
  const answer = await rawRequest(gateway.port, 'GET /t/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  const [tag] = fieldsOf(answer, 'etag');
  await rawRequest(gateway.port, `DELETE /t/1 HTTP/1.1\r\nHost: a\r\nIf-Match: ${tag}\r\nConnection: close\r\n\r\n`);
  expect([tag, upstream.requests[1]!.header('if-match')]).toEqual([expect.stringContaining('garita'), '"1"']);
});

test('shaped, kept, compressed and read by a page of another origin: each part fits the others', async () => {
  const { send, upstream } = await startTransforming(
    '{ response: { json: { drop: [secret] } } }',
    json(`{"id":1,"secret":2,"text":"${'a'.repeat(2000)}"}`, 'ETag: "1"', 'Access-Control-Allow-Origin: *'),
    `
      - { use: cache, with: { fresh: 1m } }
      - { use: compress, with: { codings: [gzip] } }
      - { use: cors, with: { origins: ["https://a.example", "https://b.example"] } }`,
  );
  const get = (origin: string, ...fields: string[]) =>
    send('GET /t/1', [`Origin: ${origin}`, 'Accept-Encoding: gzip', ...fields]);
  const first = await get('https://a.example');
  const second = await get('https://b.example');
  for (const [answer, origin] of [
    [first, 'https://a.example'],
    [second, 'https://b.example'],
  ] as const) {
    expect(fieldsOf(answer, 'access-control-allow-origin')).toEqual([origin]);
    expect(fieldsOf(answer, 'vary').sort()).toEqual(['Accept-Encoding', 'Origin']);
    expect(fieldsOf(answer, 'content-encoding')).toEqual(['gzip']);
  }
  const [tag] = fieldsOf(first, 'etag');
  expect(tag).toMatch(/^"1\.garita-[0-9a-f]{8}\.garita-gzip"$/);
  expect(fieldsOf(second, 'etag')).toEqual([tag]);
  const known = await get('https://a.example', `If-None-Match: ${tag}`);
  expect([statusOf(known), fieldsOf(known, 'etag')]).toEqual([304, [tag]]);
  const plain = await send('GET /t/1');
  expect(bodyOf(plain)).toBe(`{"id":1,"text":"${'a'.repeat(2000)}"}`);
  expect(upstream.requests).toHaveLength(1);
});

test('a WebSocket is asked for with the same fields and query', async () => {
  const { gateway, upstream } = await startTransforming(
    '{ request: { headers: { set: { x-key: "{id}" } }, query: { remove: [a] } } }',
    (_request, socket) => void socket.end('HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n'),
  );
  const answer = await rawRequest(
    gateway.port,
    'GET /t/7?a=1&b=2 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  expect(statusOf(answer)).toBe(403);
  const [asked] = upstream.requests;
  expect([asked!.target, asked!.header('x-key'), asked!.header('upgrade')]).toEqual([
    '/things/7?b=2',
    '7',
    'websocket',
  ]);
});

test('what is refused before its body has come frees the connection', async () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
  for (const rest of [
    'Content-Length: 1000\r\n\r\n{',
    `Transfer-Encoding: chunked\r\n\r\n100\r\n${'1'.repeat(256)}\r\n`,
  ]) {
    const { send, upstream } = await startTransforming(shaping, head + rest);
    expect(statusOf(await send('GET /t/1'))).toBe(502);
    await upstream.disconnected();
  }
});

test('several uses on one level change requests from the first to the last, and replies the other way', async () => {
  const { send, upstream } = await startTransforming(
    '{ request: { headers: { set: { x-a: one } } }, response: { headers: { rename: { x-b: x-c } }, json: { envelope: data } } }',
    (request, socket) =>
      void socket.write(
        request.target === '/things/1'
          ? json('{"id":1}', 'ETag: "1"')
          : reply(404, ['Content-Type: application/json'], '{"why":"stack"}'),
      ),
    `
      - use: transform
        with:
          request: { headers: { rename: { x-a: x-z } } }
          response: { headers: { set: { x-b: "2" } }, json: { on: error, drop: [why] } }`,
  );
  const answer = await send('GET /t/1');
  expect([bodyOf(answer), fieldsOf(answer, 'x-c'), upstream.requests[0]!.header('x-z')]).toEqual([
    '{"data":{"id":1}}',
    ['2'],
    'one',
  ]);
  const known = await send('GET /t/1', [`If-None-Match: ${fieldsOf(answer, 'etag')[0]}`]);
  expect([bodyOf(known), upstream.requests[1]!.header('if-none-match')]).toEqual(['{"data":{"id":1}}', '"1"']);
  expect(bodyOf(await send('GET /t/2'))).toBe('{}');
});
