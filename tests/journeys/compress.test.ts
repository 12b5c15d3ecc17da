import { once } from 'node:events';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { createBrotliDecompress, gunzipSync } from 'node:zlib';
import { connectRaw, fieldsOf, rawRequest, statusOf } from '../support/raw-client.ts';
import { reply, type Script, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startGateway } from '../support/start-gateway.ts';

const content = JSON.stringify(Array.from({ length: 500 }, (_, id) => ({ id })));

async function start(script: Script, policies: string) {
  const upstream = await startScriptedUpstream(script);
  const gateway = await startGateway(`
services: { things: { instances: ["${upstream.url}"], access: public } }
routes:
  - { id: read, match: { methods: [GET], path: "/*" }, to: { service: things }, policies: [${policies}] }
  - { id: write, match: { methods: [PUT], path: "/*" }, to: { service: things } }
`);
  return { gateway, upstream };
}

const get = (path: string, ...lines: string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: a', 'Connection: close', ...lines, '\r\n'].join('\r\n');

/** The body of a raw response with its chunks put together. */
function bodyOf(response: string): Buffer {
  let rest = response.slice(response.indexOf('\r\n\r\n') + 4);
  if (fieldsOf(response, 'transfer-encoding')[0] !== 'chunked') return Buffer.from(rest, 'latin1');
  let body = '';
  for (;;) {
    const line = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.slice(0, line), 16);
    if (!(size > 0)) return Buffer.from(body, 'latin1');
    body += rest.slice(line + 2, line + 2 + size);
    rest = rest.slice(line + 4 + size);
  }
}

const json: Script = (asked, socket) => {
  const known = asked.header('if-none-match') === '"v1"';
  if (asked.method === 'PUT') socket.write(reply(asked.header('if-match') === '"v1"' ? 204 : 412, [], ''));
  else if (known) socket.write('HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n');
  else socket.write(reply(200, ['Content-Type: application/json', 'ETag: "v1"'], content));
};

test('the cache keeps one reply, and everybody gets it in the coding of their own', async () => {
  const { gateway, upstream } = await start(json, '{ use: cache, with: { fresh: 1m } }, { use: compress }');
  const packed = await rawRequest(gateway.port, get('/a', 'Accept-Encoding: gzip'));
  expect(gunzipSync(bodyOf(packed)).toString()).toBe(content);
  expect([fieldsOf(packed, 'content-encoding'), fieldsOf(packed, 'content-length'), fieldsOf(packed, 'etag')]).toEqual([
    ['gzip'],
    [],
    ['"v1.garita-gzip"'],
  ]);
  const plain = await rawRequest(gateway.port, get('/a'));
  expect(bodyOf(plain).toString()).toBe(content);
  expect([fieldsOf(plain, 'etag'), fieldsOf(plain, 'vary')]).toEqual([['"v1"'], ['Accept-Encoding']]);
  expect(fieldsOf(plain, 'cache-status')[0]).toMatch(/; hit/);
  const known = await rawRequest(gateway.port, get('/a', 'Accept-Encoding: gzip', 'If-None-Match: "v1.garita-gzip"'));
  expect([statusOf(known), fieldsOf(known, 'etag')]).toEqual([304, ['"v1.garita-gzip"']]);
  expect(upstream.requests).toHaveLength(1);
});

test('a tag that came with a compressed reply is the service’s own when it comes back, at other routes too', async () => {
  const { gateway, upstream } = await start(json, '{ use: compress }');
  const etag = fieldsOf(await rawRequest(gateway.port, get('/a', 'Accept-Encoding: br')), 'etag')[0]!;
  const again = await rawRequest(gateway.port, get('/a', 'Accept-Encoding: br', `If-None-Match: ${etag}`));
  expect([statusOf(again), fieldsOf(again, 'etag')]).toEqual([304, [etag]]);
  const put = `PUT /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nIf-Match: ${etag}\r\nContent-Length: 0\r\n\r\n`;
  expect(statusOf(await rawRequest(gateway.port, put))).toBe(204);
  expect(upstream.requests.map((asked) => asked.header('if-match') ?? asked.header('if-none-match'))).toEqual([
    undefined,
    '"v1"',
    '"v1"',
  ]);
});

test('a reply that breaks off does not look whole', async () => {
  const { gateway } = await start((_asked, socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n');
    setImmediate(() => socket.resetAndDestroy());
  }, '{ use: compress }');
  const answer = await rawRequest(gateway.port, get('/a', 'Accept-Encoding: gzip'));
  expect(answer).not.toContain('\r\n0\r\n\r\n');
  await expect(gateway.logged({ message: 'exchange' })).resolves.toMatchObject({ complete: false });
});

test('an old caller gets it up to the end of the connection', async () => {
  const { gateway } = await start(json, '{ use: compress }');
  const answer = await rawRequest(gateway.port, 'GET /a HTTP/1.0\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n');
  expect(fieldsOf(answer, 'transfer-encoding')).toEqual([]);
  expect(gunzipSync(bodyOf(answer)).toString()).toBe(content);
});

test('HEAD has the fields of GET', async () => {
  const { gateway } = await start((asked, socket) => {
    const whole = reply(200, ['Content-Type: application/json', 'ETag: "v1"'], content);
    socket.write(asked.method === 'HEAD' ? whole.slice(0, whole.indexOf('\r\n\r\n') + 4) : whole);
  }, '{ use: compress }');
  const ask = (method: string) => get('/a', 'Accept-Encoding: zstd').replace('GET', method);
  const [head, whole] = [await rawRequest(gateway.port, ask('HEAD')), await rawRequest(gateway.port, ask('GET'))];
  for (const name of ['content-encoding', 'content-length', 'etag', 'vary', 'content-type'])
    expect([name, fieldsOf(head, name)]).toEqual([name, fieldsOf(whole, name)]);
  expect(bodyOf(head)).toHaveLength(0);
});

test('an event that the service has sent is there before the next one', async () => {
  const { promise, resolve } = Promise.withResolvers<Socket>();
  const { gateway } = await start((_asked, socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n');
    resolve(socket);
  }, '{ use: compress, with: { types: [text/event-stream] } }');
  const outgoing = request(`${gateway.url}/a`, { headers: { 'Accept-Encoding': 'br' }, agent: false }).end();
  const [answer] = await once(outgoing, 'response');
  expect(answer.headers['content-encoding']).toBe('br');
  const events = answer.pipe(createBrotliDecompress());
  const service = await promise;
  for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
    service.write(`9\r\n${event}\r\n`);
    expect(String((await once(events, 'data'))[0])).toBe(event);
  }
  const closed = once(service, 'close');
  events.on('error', () => {});
  outgoing.destroy();
  await closed;
});

test('nothing is left running for a caller who takes nothing and goes', async () => {
  const { gateway, upstream } = await start((_asked, socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n');
    const noise = Buffer.from(Array.from({ length: 65_536 }, (_, index) => (index * 7919 * (index % 251)) % 256));
    const flood = (): void => {
      while (!socket.destroyed && socket.write(Buffer.concat([Buffer.from('10000\r\n'), noise, Buffer.from('\r\n')])));
      socket.once('drain', flood);
    };
    flood();
  }, '{ use: compress }');
  const connection = await connectRaw(gateway.port);
  connection.write(get('/a', 'Accept-Encoding: gzip'));
  await connection.until('\r\n\r\n');
  connection.socket.pause();
  connection.socket.destroy();
  await upstream.disconnected();
  await expect(gateway.logged({ message: 'exchange' })).resolves.toMatchObject({ complete: false });
});
