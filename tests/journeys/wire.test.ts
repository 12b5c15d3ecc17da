import type { Socket } from 'node:net';
import { connectRaw, fieldsOf, rawRequest, statusOf } from '../support/raw-client.ts';
import { always, reply, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startGateway } from '../support/start-gateway.ts';

/** A gateway that lets everything through to one upstream, so that what is refused is refused by the edge. */
async function startOpen() {
  const upstream = await startScriptedUpstream(always(200, ['X-Request-Id: theirs'], 'ok'));
  const gateway = await startGateway(`
limits: { body: 100B, target: 1kB, header: 2kB }
services: { things: { instances: ["${upstream.url}"] } }
routes: [{ id: things, match: { path: /* }, to: { service: things }, access: public }]
`);
  return { upstream, gateway };
}

const problemOf = (response: string) =>
  JSON.parse(response.slice(response.indexOf('\r\n\r\n') + 4)) as { code: string; requestId: string };

const close = 'Connection: close\r\n';
const refused: [string, number, string][] = [
  [`GET /a%2Fb HTTP/1.1\r\nHost: a\r\n${close}\r\n`, 400, 'GW_BAD_TARGET'],
  [`GET /a%5cb HTTP/1.1\r\nHost: a\r\n${close}\r\n`, 400, 'GW_BAD_TARGET'],
  [`GET /a\\b HTTP/1.1\r\nHost: a\r\n${close}\r\n`, 400, 'GW_BAD_TARGET'],
  [`GET /%00 HTTP/1.1\r\nHost: a\r\n${close}\r\n`, 400, 'GW_BAD_TARGET'],
  [`GET /%252e%252e/x HTTP/1.1\r\nHost: a\r\n${close}\r\n`, 400, 'GW_BAD_TARGET'],
  [`GET /..;/x HTTP/1.1\r\nHost: a\r\n${close}\r\n`, 400, 'GW_BAD_TARGET'],
  [`GET /../x HTTP/1.1\r\nHost: a\r\n${close}\r\n`, 400, 'GW_BAD_TARGET'],
  [`GET /% HTTP/1.1\r\nHost: a\r\n${close}\r\n`, 400, 'GW_BAD_TARGET'],
  [`GET * HTTP/1.1\r\nHost: a\r\n${close}\r\n`, 400, 'GW_BAD_TARGET'],
  [`OPTIONS * HTTP/1.1\r\nHost: a\r\n${close}\r\n`, 400, 'GW_BAD_TARGET'],
  [`GET / HTTP/1.1\r\n${close}\r\n`, 400, 'GW_BAD_HOST'],
  [`GET / HTTP/1.1\r\nHost:\r\n${close}\r\n`, 400, 'GW_BAD_HOST'],
  [`GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n${close}\r\n`, 400, 'GW_BAD_HOST'],
  [`GET / HTTP/1.1\r\nHost: a/b\r\n${close}\r\n`, 400, 'GW_BAD_HOST'],
  [`GET http://u@b/ HTTP/1.1\r\nHost: a\r\n${close}\r\n`, 400, 'GW_BAD_HOST'],
  [`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n${close}\r\nab`, 400, 'GW_BAD_REQUEST'],
  [`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n${close}\r\na`, 400, 'GW_BAD_REQUEST'],
  [`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n${close}\r\na`, 400, 'GW_BAD_REQUEST'],
  [
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n${close}\r\n0\r\n\r\n`,
    400,
    'GW_BAD_REQUEST',
  ],
  [
    `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n${close}\r\n0\r\n\r\n`,
    400,
    'GW_BAD_REQUEST',
  ],
  [`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n${close}\r\n`, 400, 'GW_BAD_REQUEST'],
  [
    `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n${close}\r\n0\r\n\r\n`,
    501,
    'GW_NOT_IMPLEMENTED',
  ],
  [`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n${close}\r\n`, 501, 'GW_NOT_IMPLEMENTED'],
  [`TRACE / HTTP/1.1\r\nHost: a\r\n${close}\r\n`, 501, 'GW_NOT_IMPLEMENTED'],
  [`GET /${'a'.repeat(1100)} HTTP/1.1\r\nHost: a\r\n${close}\r\n`, 414, 'GW_TARGET_TOO_LONG'],
  [`GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(3000)}\r\n\r\n`, 431, 'GW_HEAD_TOO_LARGE'],
  [`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n${close}\r\n`, 413, 'GW_BODY_TOO_LARGE'],
  [`GET / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n${close}\r\n`, 417, 'GW_EXPECTATION_FAILED'],
  ['BREW / HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'GW_BAD_REQUEST'],
  ['GET / HTTP/1.1\r\nHost : a\r\n\r\n', 400, 'GW_BAD_REQUEST'],
  ['GET / HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n', 400, 'GW_BAD_REQUEST'],
  ['GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n', 400, 'GW_BAD_REQUEST'],
  ['GET / HTTP/3.9\r\nHost: a\r\n\r\n', 505, 'GW_VERSION_NOT_SUPPORTED'],
  ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505, 'GW_VERSION_NOT_SUPPORTED'],
  ['\x16\x03\x01\x00\xa5\x01\x00\x00', 400, 'GW_BAD_REQUEST'],
  ['POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400, 'GW_BAD_REQUEST'],
];

test('what can be read in more than one way is refused, and nothing of it reaches the service', async () => {
  const { gateway, upstream } = await startOpen();
  const answers: [string, number, string][] = [];
  for (const [bytes] of refused) {
    const answer = await rawRequest(gateway.port, Buffer.from(bytes, 'latin1'));
    expect(fieldsOf(answer, 'content-type')).toEqual(['application/problem+json']);
    const { code, requestId } = problemOf(answer);
    expect(fieldsOf(answer, 'x-request-id')).toEqual([requestId]);
    answers.push([bytes, statusOf(answer), code]);
  }
  expect(answers).toEqual(refused);
  // One header was valid, and on its way when the body turned out not to be.
  expect(upstream.requests.filter(({ method }) => method !== 'POST')).toEqual([]);
  expect(statusOf(await rawRequest(gateway.port, `GET / HTTP/1.1\r\nHost: a\r\n${close}\r\n`))).toBe(200);
});

test('every request on a connection is answered, in order', async () => {
  const { gateway } = await startOpen();
  const bytes = await rawRequest(
    gateway.port,
    `GET /1 HTTP/1.1\r\nHost: a\r\nX-Request-Id: one\r\n\r\nGET /%00 HTTP/1.1\r\nHost: a\r\nX-Request-Id: two\r\n\r\nPOST /3 HTTP/1.1\r\nHost: a\r\nX-Request-Id: three\r\nContent-Length: 3\r\n\r\nabcGET /4 HTTP/1.1\r\nHost: a\r\nX-Request-Id: four\r\n${close}\r\n`,
  );
  const answers = bytes.split(/(?=HTTP\/1\.1 )/);
  expect(answers.map((answer) => [statusOf(answer), ...fieldsOf(answer, 'x-request-id')])).toEqual([
    [200, 'one'],
    [400, 'two'],
    [200, 'three'],
    [200, 'four'],
  ]);
});

test.each([
  ['', 'GET /2 HTTP/1.1\r\nHost : broken\r\n\r\n'],
  [close, 'GET /2 HTTP/1.1\r\nHost: a\r\n\r\n'],
])('bytes that are no request do not take the place of the answer before them (%j)', async (fields, after) => {
  const { promise: asked, resolve } = Promise.withResolvers<Socket>();
  const upstream = await startScriptedUpstream((_seen, socket) => resolve(socket));
  const gateway = await startGateway(`
services: { things: { instances: ["${upstream.url}"] } }
routes: [{ id: things, match: { path: /* }, to: { service: things }, access: public }]
`);
  const caller = await connectRaw(gateway.port);
  caller.write(`GET /1 HTTP/1.1\r\nHost: a\r\n${fields}\r\n${after}`);
  const waiting = await asked;
  waiting.write(reply(200, [], 'mine'));
  const bytes = await caller.closed;
  expect(bytes.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
  expect(fieldsOf(bytes, 'connection')).toEqual(['close']);
  expect(bytes).toMatch(/mine$/);
});

test('the service gets the canonical path and the query byte for byte', async () => {
  const { gateway, upstream } = await startOpen();
  const query = `?a=%2F..//\\'"<>|{}^%zz&&=`;
  await rawRequest(gateway.port, `GET //x/./%61/../b%c3%a9${query} HTTP/1.1\r\nHost: a\r\n${close}\r\n`);
  expect(upstream.requests[0]!.target).toBe(`/x/b%C3%A9${query}`);
});

test('a body with DELETE or GET is framed towards the service', async () => {
  const { gateway, upstream } = await startOpen();
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
  for (const method of ['DELETE', 'GET', 'OPTIONS']) {
    const chunks = `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`;
    await rawRequest(
      gateway.port,
      `${method} /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n${close}\r\n${chunks}`,
    );
    await rawRequest(
      gateway.port,
      `${method} /x HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length}\r\n${close}\r\n${smuggled}`,
    );
  }
  expect(upstream.requests.map(({ target }) => target)).toEqual(Array(6).fill('/x'));
  expect(await Promise.all(upstream.requests.map(({ body }) => body))).toEqual(Array(6).fill(smuggled));
});

test('HTTP/1.0 gets an answer that it can read', async () => {
  const { gateway } = await startOpen();
  const answer = await rawRequest(gateway.port, 'GET /x HTTP/1.0\r\nHost: a\r\n\r\n');
  expect(statusOf(answer)).toBe(200);
  expect(fieldsOf(answer, 'transfer-encoding')).toEqual([]);
  expect(answer).toMatch(/\r\n\r\nok$/);
});

test('the authority of an absolute target is the host, whatever Host says', async () => {
  const { gateway, upstream } = await startOpen();
  await rawRequest(gateway.port, `GET http://B.example/x?y HTTP/1.1\r\nHost: a\r\n${close}\r\n`);
  expect(upstream.requests[0]!.target).toBe('/x?y');
  expect(upstream.requests[0]!.header('x-forwarded-host')).toBe('b.example');
});

describe('the request id', () => {
  const idOf = async (...ids: string[]) => {
    const { gateway, upstream } = await startOpen();
    const fields = ids.map((id) => `X-Request-Id: ${id}\r\n`).join('');
    const answer = await rawRequest(
      gateway.port,
      Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\n${fields}${close}\r\n`, 'latin1'),
    );
    const [echoed, ...others] = fieldsOf(answer, 'x-request-id');
    expect(others).toEqual([]);
    expect(upstream.requests[0]!.header('x-request-id')).toBe(echoed);
    await gateway.logged({ id: echoed });
    return echoed;
  };

  test('of the caller goes all the way', async () => {
    expect(await idOf('order-42:a.b/c+d=~_')).toBe('order-42:a.b/c+d=~_');
  });

  test.each([[[]], [['']], [['a b']], [['a"b']], [['x'.repeat(129)]], [['a', 'a']], [['\u00e4']], [['<script>']]])(
    'is made new instead of %j',
    async (ids) => {
      expect(await idOf(...ids)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    },
  );
});

test('a trace goes on under a new parent; a broken one begins anew', async () => {
  const { gateway, upstream } = await startOpen();
  const trace = '0af7651916cd43dd8448eb211c80319c';
  for (const traceparent of [`00-${trace}-b7ad6b7169203331-01`, `00-${'0'.repeat(32)}-b7ad6b7169203331-01`]) {
    await rawRequest(
      gateway.port,
      `GET / HTTP/1.1\r\nHost: a\r\ntraceparent: ${traceparent}\r\ntracestate: a=b\r\n${close}\r\n`,
    );
  }
  const [first, second] = upstream.requests.map((seen) => seen.header('traceparent')!);
  expect(first).toMatch(new RegExp(`^00-${trace}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`));
  expect(second).toMatch(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  expect(upstream.requests[0]!.header('tracestate')).toBe('a=b');
  await gateway.logged({ trace });
});

test('nothing of a connection goes through: no upgrade, no nominated field', async () => {
  const { gateway, upstream } = await startOpen();
  const fields = 'Connection: close, X-Hop\r\nX-Hop: 1\r\nTE: gzip\r\nTrailer: X\r\nKeep-Alive: 1\r\n';
  await rawRequest(gateway.port, `GET / HTTP/1.1\r\nHost: a\r\n${fields}\r\n`);
  const names = upstream.requests[0]!.headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  expect(names).not.toEqual(expect.arrayContaining(['x-hop']));
  for (const name of ['x-hop', 'te', 'trailer', 'keep-alive', 'upgrade']) expect(names).not.toContain(name);
});

test('whoever stops in the middle of a header leaves nothing behind', async () => {
  const { gateway } = await startOpen();
  const connection = await connectRaw(gateway.port);
  connection.write('GET / HTTP/1.1\r\nHost');
  connection.socket.resetAndDestroy();
  await connection.closed;
  expect(statusOf(await rawRequest(gateway.port, `GET / HTTP/1.1\r\nHost: a\r\n${close}\r\n`))).toBe(200);
});
