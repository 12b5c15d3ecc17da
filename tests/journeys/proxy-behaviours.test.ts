import { once } from 'node:events';
import { connectRaw, fieldsOf, rawRequest, statusOf } from '../support/raw-client.ts';
import { always, reply, type Script, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startGateway } from '../support/start-gateway.ts';
import { get, repliesOf, startOpen } from '../support/start-open.ts';

// What the tests of other proxies pin (http-rules.md), where it applies to a gateway.

const echo: Script = async (seen, socket) => void socket.write(reply(200, [], await seen.body));

describe('as @fastify/reply-from', () => {
  test('names in Connection are stripped both ways, and the gateway’s own fields are kept', async () => {
    const { gateway, upstream } = await startOpen(always(200, ['Connection: X-Theirs, Via', 'X-Theirs: 1'], 'ok'));
    const answer = await rawRequest(
      gateway.port,
      `GET / HTTP/1.1\r\nHost: a\r\nConnection: close, X-Mine, X-Request-Id, X-Forwarded-For, Via\r\nX-Mine: 1\r\n\r\n`,
    );
    expect([fieldsOf(answer, 'x-theirs'), fieldsOf(answer, 'x-request-id').length]).toEqual([[], 1]);
    const seen = upstream.requests[0]!;
    expect(seen.header('x-mine')).toBeUndefined();
    for (const own of ['x-request-id', 'x-forwarded-for', 'via']) expect(seen.header(own)).toBeDefined();
  });

  test.each<[string, number]>([
    ['/..', 400],
    ['/%2e%2e', 400],
    ['/a/../..', 400],
    ['/...', 200],
    ['/a/.../b', 200],
    ['/..a', 200],
  ])('%s is %d', async (path, status) => {
    const { gateway } = await startOpen(always(200));
    expect(statusOf(await rawRequest(gateway.port, get(path)))).toBe(status);
  });

  test.each(['http://evil.example/x', '//evil.example/x'])(
    '%s never leads anywhere but to the service',
    async (target) => {
      const { gateway, upstream } = await startOpen(always(200));
      expect(statusOf(await rawRequest(gateway.port, get(target)))).toBe(200);
      expect(upstream.requests[0]!.header('host')).toBe(upstream.id);
      expect(upstream.requests[0]!.target).toMatch(/^\/(evil\.example\/)?x$/);
    },
  );

  test('a connection to an instance is used again after a whole reply, and not after half an upload', async () => {
    const { gateway, upstream } = await startOpen((seen, socket) =>
      seen.method === 'PUT' ? void socket.write(reply(409)) : echo(seen, socket),
    );
    for (let i = 0; i < 3; i += 1) await rawRequest(gateway.port, get('/'));
    expect(upstream.connections).toBe(1);
    await rawRequest(gateway.port, 'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\nsome');
    await upstream.disconnected();
    await rawRequest(gateway.port, get('/'));
    expect(upstream.connections).toBe(2);
  });

  test('TE: trailers goes on, every other coding ends here', async () => {
    const { gateway, upstream } = await startOpen(always(200));
    for (const value of ['trailers', 'trailers, deflate;q=0.5', 'gzip'])
      await rawRequest(gateway.port, get('/', [`TE: ${value}`, 'Connection: TE']));
    expect(upstream.requests.map((seen) => seen.header('te'))).toEqual(['trailers', 'trailers', undefined]);
  });

  test('a reply of an instance with 503 is its answer: it is not asked again', async () => {
    const { gateway, upstream } = await startOpen(always(503, ['Retry-After: 0']));
    expect(statusOf(await rawRequest(gateway.port, get('/')))).toBe(503);
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('as httpxy', () => {
  test.each(['DELETE', 'OPTIONS', 'GET', 'PUT'])('%s with chunks keeps its framing', async (method) => {
    const { gateway, upstream } = await startOpen(echo);
    const answer = await rawRequest(
      gateway.port,
      `${method} / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nhi\r\n0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*hi$/s);
    expect(upstream.requests[0]!.received).toBe('hi');
  });

  test.each(['GET', 'HEAD', 'DELETE', 'OPTIONS'])('%s without a body has no framing at all', async (method) => {
    const { gateway, upstream } = await startOpen(always(200));
    await rawRequest(gateway.port, get('/', [], method));
    expect(upstream.requests[0]!.header('transfer-encoding')).toBeUndefined();
    expect([undefined, '0']).toContain(upstream.requests[0]!.header('content-length'));
  });

  test.each(['POST', 'PUT', 'PATCH'])('%s without a body says so', async (method) => {
    const { gateway, upstream } = await startOpen(always(200));
    await rawRequest(gateway.port, get('/', ['Content-Length: 0'], method));
    expect(upstream.requests[0]!.header('content-length')).toBe('0');
  });

  test('several Set-Cookie stay several, with 101 too', async () => {
    const cookies = ['Set-Cookie: a=1', 'Set-Cookie: b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT'];
    const { gateway } = await startOpen((seen, socket) => {
      if (seen.header('upgrade') === undefined) socket.write(reply(200, cookies));
      else
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n${cookies.join('\r\n')}\r\n\r\n`,
        );
    });
    const values = cookies.map((line) => line.slice('Set-Cookie: '.length));
    expect(fieldsOf(await rawRequest(gateway.port, get('/')), 'set-cookie')).toEqual(values);
    const caller = await connectRaw(gateway.port);
    caller.write(
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    expect(fieldsOf(await caller.until('\r\n\r\n'), 'set-cookie')).toEqual(values);
  });

  test('an instance with an IPv6 address has its brackets in Host', async () => {
    const gateway = await startGateway(`
services: { things: { instances: ["http://[::1]:1"] } }
routes: [{ id: things, match: { path: /* }, to: { service: things }, access: public }]
`);
    expect(statusOf(await rawRequest(gateway.port, get('/')))).toBe(503);
    await gateway.logged({ message: 'instance cannot be reached', instance: '[::1]:1' });
  });
});

describe('as http-proxy-middleware', () => {
  test('a longer Host does not match the route of a shorter one', async () => {
    const upstream = await startScriptedUpstream(always(200));
    const gateway = await startGateway(`
services: { things: { instances: ["${upstream.url}"] } }
routes: [{ id: things, match: { hosts: [api.example], path: /* }, to: { service: things }, access: public }]
`);
    const ask = async (host: string) =>
      statusOf(await rawRequest(gateway.port, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`));
    expect(await ask('api.example')).toBe(200);
    for (const host of ['api.example.evil', 'xapi.example', 'api.example-evil', 'api.example@evil'])
      expect([host, [400, 404].includes(await ask(host))]).toEqual([host, true]);
  });

  test('a body of several parts arrives byte for byte, line ends and all', async () => {
    const { gateway, upstream } = await startOpen(echo);
    const body = '--b\r\nContent-Disposition: form-data; name="a\r\nX: y"\r\n\r\n\r\n--b--\r\n\0\xff';
    const answer = await rawRequest(
      gateway.port,
      Buffer.from(
        `${get('/', ['Content-Type: multipart/form-data; boundary=b', `Content-Length: ${body.length}`], 'POST')}${body}`,
        'latin1',
      ),
    );
    expect(await upstream.requests[0]!.body).toBe(body);
    expect(answer.length).toBeGreaterThan(body.length);
  });

  test('a reply without a body may name a coding', async () => {
    const { gateway } = await startOpen(
      (_seen, socket) => void socket.write('HTTP/1.1 304 Same\r\nContent-Encoding: gzip\r\n\r\n'),
    );
    expect(fieldsOf(await rawRequest(gateway.port, get('/')), 'content-encoding')).toEqual(['gzip']);
  });

  test('listeners do not pile up on a connection that is kept', async () => {
    const { gateway } = await startOpen(echo);
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    const caller = await connectRaw(gateway.port);
    for (let i = 0; i < 50; i += 1) caller.write('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi');
    caller.write(get('/last'));
    expect(repliesOf(await caller.closed)).toHaveLength(51);
    await new Promise(setImmediate);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  test('either side of an upload may die, and the other hears of it', async () => {
    const { gateway, upstream } = await startOpen((seen, socket) => {
      if (seen.target === '/dies') socket.resetAndDestroy();
    });
    const put = (path: string): string => `PUT ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\nsome`;
    const first = await connectRaw(gateway.port);
    first.write(put('/dies'));
    expect(statusOf(await first.closed)).toBe(502);
    const second = await connectRaw(gateway.port);
    second.write(put('/waits'));
    await upstream.request(2);
    second.socket.resetAndDestroy();
    await once(second.socket, 'close');
    await upstream.disconnected();
  });
});
