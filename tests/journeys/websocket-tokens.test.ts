import { once } from 'node:events';
import { handshake } from '../support/handshake.ts';
import { connectRaw, fieldsOf, statusOf } from '../support/raw-client.ts';
import { startGateway } from '../support/start-gateway.ts';
import { type EchoServer, startWebSocketEcho } from '../support/websocket-echo.ts';

let echo: EchoServer;

beforeEach(async () => {
  echo = await startWebSocketEcho();
});

afterEach(() => echo.close());

/** A gateway that takes tokens from subprotocols at `/open`, and from nowhere but the header at `/strict`. */
const start = () =>
  startGateway(`
services:
  chat: { instances: ["${echo.origin}"] }
  trusted: { instances: ["${echo.origin}"], forwardToken: true }
routes:
  - id: open
    match: { path: "/open" }
    to: { service: chat }
    access: { scopes: [read], protocolToken: true }
  - id: trusted
    match: { path: "/trusted" }
    to: { service: trusted }
    access: { protocolToken: true }
  - id: strict
    match: { path: "/strict" }
    to: { service: chat }
    access: authenticated
`);

async function ask(port: number, path: string, ...lines: string[]): Promise<string> {
  const connection = await connectRaw(port);
  connection.write(handshake(path, ...lines));
  return connection.until('\r\n\r\n');
}

const tokenOf = (bearer: string): string => bearer.replace('Bearer ', '');

test('a browser brings its token as a subprotocol; the service sees who it is, and not the token', async () => {
  const gateway = await start();
  const token = tokenOf(await gateway.bearer());
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/open`, ['chat.v1', `bearer.${token}`]);
  await once(socket, 'open');
  expect(socket.protocol).toBe('chat.v1');
  const [{ headers }] = echo.requests as [EchoServer['requests'][0]];
  expect(headers).toMatchObject({ 'sec-websocket-protocol': 'chat.v1', 'x-client-id': 'reader' });
  expect(JSON.stringify(headers)).not.toContain(token);
  const closed = once(socket, 'close');
  socket.close();
  await closed;
  await gateway.logged({ message: 'exchange', route: 'open', client: 'reader', status: 101 });
  expect(gateway.rawLog).not.toContain(token);
});

test('nothing of it comes back', async () => {
  const gateway = await start();
  const token = tokenOf(await gateway.bearer());
  const answer = await ask(gateway.port, '/open', `Sec-WebSocket-Protocol: bearer.${token}`);
  expect([statusOf(answer), fieldsOf(answer, 'sec-websocket-protocol')]).toEqual([101, []]);
  expect(echo.requests[0]?.headers).not.toHaveProperty('sec-websocket-protocol');
});

test('a service that gets tokens gets it where tokens belong', async () => {
  const gateway = await start();
  const bearer = await gateway.bearer();
  const answer = await ask(gateway.port, '/trusted', `Sec-WebSocket-Protocol: bearer.${tokenOf(bearer)}, chat.v1`);
  expect(fieldsOf(answer, 'sec-websocket-protocol')).toEqual(['chat.v1']);
  expect(echo.requests[0]?.headers.authorization).toBe(bearer);
});

test('one token is enough: two are 400', async () => {
  const gateway = await start();
  const bearer = await gateway.bearer();
  const protocol = `Sec-WebSocket-Protocol: bearer.${tokenOf(bearer)}`;
  for (const lines of [
    [protocol, `Authorization: ${bearer}`],
    [protocol, protocol],
  ]) {
    const answer = await ask(gateway.port, '/open', ...lines);
    expect([statusOf(answer), fieldsOf(answer, 'www-authenticate')]).toEqual([
      400,
      ['Bearer realm="garita", error="invalid_request"'],
    ]);
  }
  expect(echo.requests).toHaveLength(0);
});

test('it is looked at like any other', async () => {
  const gateway = await start();
  const nobody = tokenOf(await gateway.bearer('nobody'));
  const statuses = [];
  for (const token of ['wrong', '', nobody])
    statuses.push(statusOf(await ask(gateway.port, '/open', `Sec-WebSocket-Protocol: chat, bearer.${token}`)));
  expect(statuses).toEqual([401, 401, 403]);
  expect(echo.requests).toHaveLength(0);
});

test('it counts where the route says so, and for WebSockets only', async () => {
  const gateway = await start();
  const protocol = `Sec-WebSocket-Protocol: bearer.${tokenOf(await gateway.bearer())}`;
  expect(statusOf(await ask(gateway.port, '/strict', protocol))).toBe(401);
  const plain = await connectRaw(gateway.port);
  plain.write(`GET /open HTTP/1.1\r\nHost: a\r\n${protocol}\r\n\r\n`);
  expect(statusOf(await plain.until('\r\n\r\n'))).toBe(401);
});
