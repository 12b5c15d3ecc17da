import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTunnels, type Tunnels } from '../../src/forwarding/tunnels.ts';
import { makePrincipal } from '../model/make-exchange.ts';
import { closeConnections, connectRaw } from '../support/raw-client.ts';
import { closeUpstreams, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { type EchoServer, startWebSocketEcho } from '../support/websocket-echo.ts';

let echo: EchoServer;
let gateway: Server;
let tunnels: Tunnels;
const revoked = new Set<string>();
const answerHeaders = (headers: readonly string[]) => headersOf(headers);
const idle = 60_000;
const limit = 100;

/** A server that opens a tunnel for every upgrade, with the token that the query names. */
async function startInFrontOf(origin: string): Promise<number> {
  tunnels = createTunnels({ isRevoked: (principal) => revoked.has(principal.tokenId), limit });
  gateway = createServer();
  gateway.on('upgrade', (request, socket, head) => {
    const tokenId = request.url!.split('?')[1];
    const principal = tokenId === undefined ? undefined : makePrincipal({ tokenId });
    const target = {
      origin,
      path: '/',
      headers: headersOf(request.rawHeaders),
      timeout: 10_000,
      idle,
      principal,
      answerHeaders,
    };
    tunnels.open({ request, socket, head }, target).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  return (gateway.address() as AddressInfo).port;
}

const headersOf = (raw: readonly string[]): string[] =>
  raw.filter((_, index) => /^sec-/i.test(raw[index - (index % 2)]!));

const handshake = (path: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: gateway.test',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');

async function openTunnel(port: number, path: string) {
  const connection = await connectRaw(port);
  connection.write(handshake(path));
  await connection.until('101 Switching Protocols');
  return connection;
}

beforeEach(async () => {
  revoked.clear();
  echo = await startWebSocketEcho();
});

afterEach(async () => {
  tunnels.close();
  closeConnections();
  await closeUpstreams();
  await Promise.all([echo.close(), new Promise((resolve) => gateway.close(resolve))]);
});

describe('a tunnel', () => {
  test('ends on both sides when its token is revoked; all others go on', async () => {
    const port = await startInFrontOf(echo.origin);
    const connections = [];
    for (const path of ['/?one', '/?other', '/']) connections.push(await openTunnel(port, path));
    revoked.add('one');
    const gone = once(echo.sockets[0]!, 'close');
    tunnels.endRevoked();
    await Promise.all([connections[0]!.closed, gone]);
    expect(connections.map(({ socket }) => socket.destroyed)).toEqual([true, false, false]);
    expect(echo.sockets.map((socket) => socket.destroyed)).toEqual([true, false, false]);
  });

  test('is not opened with a token that was revoked since it was looked at', async () => {
    revoked.add('one');
    const connection = await connectRaw(await startInFrontOf(echo.origin));
    connection.write(handshake('/?one'));
    expect(await connection.closed).toBe('');
    expect(echo.requests).toHaveLength(0);
  });

  test('that is still being opened ends with its token too', async () => {
    const upstream = await startScriptedUpstream(() => {});
    const connection = await connectRaw(await startInFrontOf(upstream.url));
    connection.write(handshake('/?one'));
    await upstream.request(1);
    revoked.add('one');
    tunnels.endRevoked();
    expect(await connection.closed).toBe('');
  });
});
