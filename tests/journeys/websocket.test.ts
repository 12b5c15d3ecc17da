import { once } from 'node:events';
import type { Socket } from 'node:net';
import request from 'supertest';
import { handshake } from '../support/handshake.ts';
import { connectRaw, statusOf } from '../support/raw-client.ts';
import { reply, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { type EchoServer, startWebSocketEcho } from '../support/websocket-echo.ts';

let echo: EchoServer | undefined;

afterEach(async () => {
  await echo?.close();
  echo = undefined;
});

const startInFrontOf = (origin: string): Promise<TestGateway> =>
  startGateway(`
services: { chat: { instances: ["${origin}"] } }
routes:
  - id: chat
    match: { path: "/chat/*" }
    to: { service: chat, path: "/rooms/*" }
    access: { scopes: [read] }
  - id: open
    match: { path: "/open" }
    to: { service: chat }
    access: public
`);

describe('a WebSocket', () => {
  test('opened by a standard client carries messages both ways', async () => {
    echo = await startWebSocketEcho();
    const gateway = await startInFrontOf(echo.origin);
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/open`);
    await once(socket, 'open');
    const message = once(socket, 'message');
    socket.send('hello');
    expect(((await message)[0] as MessageEvent).data).toBe('hello');
    const closed = once(socket, 'close');
    socket.close();
    await closed;
    await expect(gateway.logged({ message: 'exchange', route: 'open' })).resolves.toMatchObject({ status: 101 });
  });

  test('passes the same guards as every request', async () => {
    echo = await startWebSocketEcho();
    const gateway = await startInFrontOf(echo.origin);
    const refused = await connectRaw(gateway.port);
    refused.write(handshake('/chat/1'));
    const reply = await refused.closed;
    expect(statusOf(reply)).toBe(401);
    expect(reply).toContain('"code":"GW_TOKEN_MISSING"');
    const nowhere = await connectRaw(gateway.port);
    nowhere.write(handshake('/nowhere'));
    expect(statusOf(await nowhere.closed)).toBe(404);
    expect(echo.requests).toHaveLength(0);
  });

  test('asks the instance with the mapped path, the gateway’s headers and no forged identity', async () => {
    echo = await startWebSocketEcho();
    const gateway = await startInFrontOf(echo.origin);
    const connection = await connectRaw(gateway.port);
    const token = await gateway.bearer();
    connection.write(
      handshake('/chat/7?since=a%20b', `Authorization: ${token}`, 'X_User-Id: admin', 'X-Client-Id: root'),
    );
    await connection.until('101 Switching Protocols');
    const [request] = echo.requests;
    expect(request?.url).toBe('/rooms/7?since=a%20b');
    expect(request?.headers).toMatchObject({
      'x-client-id': 'reader',
      'x-scopes': 'read',
      'x-forwarded-host': 'gateway.test',
    });
    expect(request?.headers).not.toHaveProperty('authorization');
    expect(request?.headers).not.toHaveProperty('x_user-id');
  });

  test('ends when its token is revoked, and no other does', async () => {
    echo = await startWebSocketEcho();
    const gateway = await startInFrontOf(echo.origin);
    const tokens = [await gateway.bearer(), await gateway.bearer()];
    const connections = [];
    for (const token of tokens) {
      const connection = await connectRaw(gateway.port);
      connection.write(handshake('/chat/1', `Authorization: ${token}`));
      await connection.until('101 Switching Protocols');
      connections.push(connection);
    }
    const gone = once(echo.sockets[0]!, 'close');
    const answer = await request(gateway.url)
      .post('/oauth/revoke')
      .auth('reader', 'demo-only-reader')
      .type('form')
      .send({ token: tokens[0]!.replace('Bearer ', '') });
    expect(answer.status).toBe(200);
    await Promise.all([connections[0]!.closed, gone]);
    expect([connections[1]!.socket.destroyed, echo.sockets[1]!.destroyed]).toEqual([false, false]);
  });

  test('has no body', async () => {
    echo = await startWebSocketEcho();
    const gateway = await startInFrontOf(echo.origin);
    const connection = await connectRaw(gateway.port);
    connection.write(handshake('/open', 'Content-Length: 5'));
    expect(statusOf(await connection.closed)).toBe(400);
    expect(echo.requests).toHaveLength(0);
  });

  test('hands on the refusal of an instance', async () => {
    echo = await startWebSocketEcho(() => false);
    const gateway = await startInFrontOf(echo.origin);
    const connection = await connectRaw(gateway.port);
    connection.write(handshake('/open'));
    const answer = await connection.closed;
    expect(statusOf(answer)).toBe(403);
    expect(answer).toMatch(/\r\nX-Request-Id: [^\r]+\r\n/);
    expect(answer.endsWith('\r\n\r\nno\n')).toBe(true);
    await expect(gateway.logged({ message: 'exchange' })).resolves.toMatchObject({ status: 403, bytes: 3 });
  });

  test.each(['/open', '/chat/1', '/nowhere'])(
    'that is refused at %s leaves nothing behind, whatever came after it',
    async (path) => {
      echo = await startWebSocketEcho(() => false);
      const gateway = await startInFrontOf(echo.origin);
      const connection = await connectRaw(gateway.port);
      connection.write(`${handshake(path)}the first bytes of a frame`);
      expect(statusOf(await connection.closed)).toBeGreaterThanOrEqual(401);
      expect(await gateway.logged({ message: 'exchange', path })).toMatchObject({ attempts: path === '/open' ? 1 : 0 });
    },
  );

  test('is 503 when no instance can be reached', async () => {
    echo = await startWebSocketEcho();
    const gateway = await startInFrontOf(echo.origin);
    await echo.close();
    const connection = await connectRaw(gateway.port);
    connection.write(handshake('/open'));
    const reply = await connection.closed;
    expect(statusOf(reply)).toBe(503);
    expect(reply).toMatch(/\r\nRetry-After: 1\r\n/);
  });

  test('ends on both sides when either side goes', async () => {
    echo = await startWebSocketEcho();
    const gateway = await startInFrontOf(echo.origin);
    const leaving = await connectRaw(gateway.port);
    leaving.write(handshake('/open'));
    await leaving.until('101 Switching Protocols');
    const gone = once(echo.sockets[0]!, 'close');
    leaving.socket.destroy();
    await gone;
    const left = await connectRaw(gateway.port);
    left.write(handshake('/open'));
    await left.until('101 Switching Protocols');
    echo.sockets[1]!.destroy();
    await left.closed;
  });

  test('ends with the gateway', async () => {
    echo = await startWebSocketEcho();
    const gateway = await startInFrontOf(echo.origin);
    const connection = await connectRaw(gateway.port);
    connection.write(handshake('/open'));
    await connection.until('101 Switching Protocols');
    await gateway.close();
    await connection.closed;
  });

  test('that is still being opened ends with the gateway too', async () => {
    const upstream = await startScriptedUpstream(() => {});
    const gateway = await startInFrontOf(upstream.url);
    const connection = await connectRaw(gateway.port);
    connection.write(handshake('/open'));
    await upstream.request(1);
    await gateway.close();
    // Cut, and not kept until the instance has taken too long.
    expect(await connection.closed).toBe('');
  });

  test('asked for behind a request that still waits is answered as it is, in its turn', async () => {
    const { promise: asked, resolve: answer } = Promise.withResolvers<Socket>();
    const upstream = await startScriptedUpstream((seen, socket) => {
      if (seen.target === '/open?first') answer(socket);
      else socket.write(reply(426, [], 'second'));
    });
    const gateway = await startInFrontOf(upstream.url);
    const connection = await connectRaw(gateway.port);
    connection.write(`GET /open?first HTTP/1.1\r\nHost: a\r\n\r\n${handshake('/open')}`);
    const waiting = await asked;
    await upstream.request(2);
    waiting.write(reply(200, [], 'first'));
    const bytes = await connection.until('second');
    expect(bytes.split(/(?=HTTP\/1\.1 )/).map(statusOf)).toEqual([200, 426]);
  });

  test('is not opened for other protocols: the request is answered as it is', async () => {
    echo = await startWebSocketEcho();
    const gateway = await startInFrontOf(echo.origin);
    const connection = await connectRaw(gateway.port);
    connection.write('GET /open HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n');
    expect(statusOf(await connection.closed)).toBe(426);
  });
});
