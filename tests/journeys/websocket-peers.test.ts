import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { accept, handshake, switching } from '../support/handshake.ts';
import { connectRaw, fieldsOf, type RawConnection, statusOf } from '../support/raw-client.ts';
import { type Script, type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

/** A gateway in front of an instance that does exactly this with a handshake. */
async function start(
  script: Script,
  { timeouts = '', limits = '', policies = '[]' } = {},
): Promise<{ gateway: TestGateway; upstream: ScriptedUpstream }> {
  const upstream = await startScriptedUpstream(script);
  const gateway = await startGateway(`
limits: { ${limits} }
services: { chat: { instances: ["${upstream.url}"], access: public, timeouts: { ${timeouts} } } }
routes: [{ id: chat, match: { path: "/chat" }, to: { service: chat }, policies: ${policies} }]
`);
  return { gateway, upstream };
}

async function ask(gateway: TestGateway, ...lines: string[]): Promise<RawConnection> {
  const connection = await connectRaw(gateway.port);
  connection.write(handshake('/chat', ...lines));
  return connection;
}

async function openTunnel(gateway: TestGateway): Promise<RawConnection> {
  const connection = await ask(gateway);
  await connection.until('101 Switching Protocols');
  return connection;
}

async function metricOf(gateway: TestGateway, metric: string): Promise<number | undefined> {
  const text = await (await fetch(`${gateway.operationsUrl}/metrics`, { headers: { Connection: 'close' } })).text();
  const line = text.split('\n').find((it) => it.startsWith(`${metric} `));
  return line === undefined ? undefined : Number(line.split(' ')[1]);
}

/** Connections of this process, all sides of them. */
const countSockets = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

const lines = (...all: string[]): string => [...all, '\r\n'].join('\r\n');

describe('the answer of an instance', () => {
  test('that opens the tunnel reaches the caller without what is of its connection', async () => {
    const { gateway } = await start((_request, socket) => {
      socket.write(
        `${switching('Set-Cookie: a=1', 'Set-Cookie: b=2', 'Keep-Alive: timeout=5', 'X-Name: Jos\xe9', 'X-Request-Id: own', 'Proxy-Authenticate: Basic')}first`,
        'latin1',
      );
    });
    const connection = await ask(gateway, 'X-Request-Id: mine');
    const answer = await connection.until('first');
    expect(fieldsOf(answer, 'set-cookie')).toEqual(['a=1', 'b=2']);
    expect(fieldsOf(answer, 'x-name')).toEqual(['Jos\xe9']);
    expect(fieldsOf(answer, 'x-request-id')).toEqual(['mine']);
    expect(fieldsOf(answer, 'sec-websocket-accept')).toEqual([accept]);
    expect([fieldsOf(answer, 'connection'), fieldsOf(answer, 'upgrade')]).toEqual([['Upgrade'], ['websocket']]);
    expect([...fieldsOf(answer, 'keep-alive'), ...fieldsOf(answer, 'proxy-authenticate')]).toEqual([]);
  });

  test.each([
    [
      'another protocol',
      lines(
        'HTTP/1.1 101 Switching Protocols',
        'Connection: Upgrade',
        'Upgrade: h2c',
        `Sec-WebSocket-Accept: ${accept}`,
      ),
    ],
    ['no Sec-WebSocket-Accept', lines('HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket')],
    [
      'that of another key',
      lines(
        'HTTP/1.1 101 Switching Protocols',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
      ),
    ],
    ['a subprotocol that nobody offered', switching('Sec-WebSocket-Protocol: chat')],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
  ])('that opens no WebSocket is 502 and goes no further: %s', async (_, answer) => {
    const { gateway, upstream } = await start((_request, socket) => socket.write(`${answer}secret`));
    const connection = await ask(gateway);
    const received = await connection.closed;
    expect(statusOf(received)).toBe(502);
    expect(received).toContain('"code":"GW_UPSTREAM_INVALID"');
    expect(received).not.toContain('secret');
    await upstream.disconnected();
  });

  test('that refuses is handed on, with what the gateway says on every reply', async () => {
    const { gateway, upstream } = await start(
      (_request, socket) =>
        socket.write(
          `${lines('HTTP/1.1 401 Unauthorized', 'WWW-Authenticate: Basic', 'Set-Cookie: a=1', 'Set-Cookie: b=2', 'X-Gone: 1', 'Connection: x-gone', 'Transfer-Encoding: chunked')}2\r\nno\r\n0\r\n\r\n`,
        ),
      { policies: '[{ use: rate-limit, with: { limit: 5, per: 1m } }]' },
    );
    const connection = await ask(gateway, 'X-Request-Id: mine');
    const answer = await connection.closed;
    expect(statusOf(answer)).toBe(401);
    expect(answer.endsWith('\r\n2\r\nno\r\n0\r\n\r\n')).toBe(true);
    expect([fieldsOf(answer, 'x-request-id'), fieldsOf(answer, 'set-cookie'), fieldsOf(answer, 'x-gone')]).toEqual([
      ['mine'],
      ['a=1', 'b=2'],
      [],
    ]);
    expect(fieldsOf(answer, 'ratelimit')).toEqual(['"address";r=4;t=60']);
    await expect(gateway.logged({ message: 'exchange' })).resolves.toMatchObject({ status: 401, bytes: 2, id: 'mine' });
    await upstream.disconnected();
  });

  test.each([
    ['chunks', (socket: Socket) => socket.end('2\r\nha')],
    ['a length', (socket: Socket) => socket.end('half')],
    ['the end of the connection', (socket: Socket) => setImmediate(() => socket.resetAndDestroy())],
  ])('that breaks off while it refuses stays cut: %s', async (framing, cut) => {
    const fields: Record<string, string[]> = {
      chunks: ['Transfer-Encoding: chunked'],
      'a length': ['Content-Length: 9'],
    };
    const { gateway, upstream } = await start((_request, socket) => {
      socket.write(lines('HTTP/1.1 403 Forbidden', ...(fields[framing] ?? [])));
      if (fields[framing] === undefined) socket.write('half');
      cut(socket);
    });
    const answer = await (await ask(gateway)).closed;
    expect(answer).not.toContain('\r\n0\r\n\r\n');
    await expect(gateway.logged({ message: 'exchange' })).resolves.toMatchObject({ complete: false });
    await upstream.disconnected();
  });

  test('that refuses without end ends in time', async () => {
    const { gateway, upstream } = await start(
      (_request, socket) => socket.write(`${lines('HTTP/1.1 403 Forbidden', 'Content-Length: 9')}half`),
      { timeouts: 'total: 30ms' },
    );
    expect(await (await ask(gateway)).closed).toMatch(/half$/);
    await expect(gateway.logged({ error: 'GW_UPSTREAM_TIMEOUT' })).resolves.toMatchObject({
      status: 403,
      complete: false,
    });
    await upstream.disconnected();
  });

  test('that is not there in time is 504', async () => {
    const { gateway, upstream } = await start(() => {}, { timeouts: 'connect: 10ms, firstByte: 10ms' });
    expect(statusOf(await (await ask(gateway)).closed)).toBe(504);
    await upstream.disconnected();
  });

  test('that never comes because the instance leaves is 502', async () => {
    const { gateway, upstream } = await start((_request, socket) => socket.end());
    expect(statusOf(await (await ask(gateway)).closed)).toBe(502);
    await upstream.disconnected();
  });
});

describe('a caller who leaves while the tunnel is being opened', () => {
  test.each([
    ['with a reset', (socket: Socket) => socket.resetAndDestroy()],
    ['for good', (socket: Socket) => socket.destroy()],
    ['by half', (socket: Socket) => socket.end()],
  ])('is noticed at once: %s', async (_, leave) => {
    const { gateway, upstream } = await start(() => {}, { timeouts: 'firstByte: 1h' });
    const connection = await ask(gateway);
    await upstream.request(1);
    leave(connection.socket);
    await upstream.disconnected();
    await connection.closed;
    await expect(gateway.logged({ message: 'exchange' })).resolves.toMatchObject({ status: 499, complete: false });
  });
});

test.each([
  ['an older version', ['Sec-WebSocket-Version: 8', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='], 426],
  ['no key', ['Sec-WebSocket-Version: 13'], 400],
])('a handshake with %s goes no further', async (_, fields, status) => {
  const { gateway, upstream } = await start(() => {});
  const connection = await connectRaw(gateway.port);
  connection.write(lines('GET /chat HTTP/1.1', 'Host: a', 'Connection: Upgrade', 'Upgrade: websocket', ...fields));
  const answer = await connection.closed;
  expect(statusOf(answer)).toBe(status);
  expect(fieldsOf(answer, 'sec-websocket-version')).toEqual(status === 426 ? ['13'] : []);
  expect(upstream.connections).toBe(0);
});

describe('a tunnel', () => {
  const accepting: Script = (_request, socket) => socket.write(switching());

  test('carries what either side sends before it has heard of the other', async () => {
    const { gateway, upstream } = await start((request, socket) => {
      socket.write(`${switching()}from the instance`);
      socket.on('data', (chunk) => socket.write(chunk.toString().toUpperCase()));
      if (request.received !== '') throw new Error('read as a body');
    });
    const connection = await connectRaw(gateway.port);
    connection.write(`${handshake('/chat')}from the caller`);
    const received = await connection.until('from the instance');
    expect(received + (await connection.until('FROM THE CALLER'))).toContain('from the instance');
    expect(upstream.connections).toBe(1);
  });

  test('without a byte for too long ends on both sides', async () => {
    const { gateway, upstream } = await start(accepting, { timeouts: 'idle: 30ms' });
    const connection = await openTunnel(gateway);
    await Promise.all([connection.closed, upstream.disconnected()]);
    await expect(gateway.logged({ message: 'exchange' })).resolves.toMatchObject({ status: 101 });
  });

  test.each(['the caller', 'the instance'])('is not idle while %s speaks', async (who) => {
    const { promise, resolve } = Promise.withResolvers<Socket>();
    const { gateway } = await start(
      (_request, socket) => {
        socket.write(switching());
        resolve(socket);
      },
      { timeouts: 'idle: 200ms' },
    );
    const connection = await openTunnel(gateway);
    const speaker = who === 'the caller' ? connection.socket : await promise;
    const until = performance.now() + 300;
    while (performance.now() < until) {
      speaker.write('.');
      await wait(5);
    }
    expect([connection.socket.destroyed, (await promise).destroyed]).toEqual([false, false]);
  });

  test('whose caller takes nothing any more ends, and what was on its way with it', async () => {
    const { gateway, upstream } = await start(
      (_request, socket) => {
        socket.write(switching());
        const flood = (): void => {
          while (!socket.destroyed && socket.write(Buffer.alloc(65_536)));
          socket.once('drain', flood);
        };
        flood();
      },
      { timeouts: 'idle: 50ms' },
    );
    const connection = await ask(gateway);
    connection.socket.pause();
    await upstream.request(1);
    await upstream.disconnected();
    connection.socket.resume();
    await connection.closed;
  });

  test('whose instance takes nothing any more ends when the caller has gone', async () => {
    const { gateway } = await start(
      (_request, socket) => {
        socket.pause();
        socket.write(switching());
      },
      { timeouts: 'idle: 50ms' },
    );
    const before = countSockets();
    const connection = await openTunnel(gateway);
    // More than the buffers on the way hold: some of it stays with the gateway.
    connection.socket.write(Buffer.alloc(20_000_000));
    await connection.closed;
    // The instance's own end is still there: it has not read what came before the end.
    while (countSockets() > before + 1) await wait(5);
  });

  test('counts: open ones, all of them, and how long they lasted', async () => {
    const { gateway, upstream } = await start(accepting);
    const connections = [await openTunnel(gateway), await openTunnel(gateway)];
    expect(await metricOf(gateway, 'garita_tunnels_open{service="chat"}')).toBe(2);
    connections[0]!.socket.destroy();
    await gateway.logged({ message: 'exchange', status: 101 });
    expect(await metricOf(gateway, 'garita_tunnels_open{service="chat"}')).toBe(1);
    expect(await metricOf(gateway, 'garita_tunnels_total{route="chat",service="chat"}')).toBe(2);
    expect(await metricOf(gateway, 'garita_tunnel_duration_seconds_count{route="chat"}')).toBe(1);
    expect(await metricOf(gateway, 'garita_request_duration_seconds_count{route="chat"}')).toBeUndefined();
    expect(upstream.openConnections).toBe(1);
  });

  test('is refused when there are enough of them, until one ends', async () => {
    const { gateway } = await start(accepting, { limits: 'tunnels: 1' });
    const first = await openTunnel(gateway);
    const refused = await (await ask(gateway)).closed;
    expect([statusOf(refused), fieldsOf(refused, 'retry-after')]).toEqual([503, ['1']]);
    expect(refused).toContain('"code":"GW_TOO_MANY_TUNNELS"');
    first.socket.destroy();
    await gateway.logged({ message: 'exchange', status: 101 });
    await openTunnel(gateway);
  });
});
