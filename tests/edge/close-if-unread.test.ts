import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { closeIfUnread } from '../../src/edge/close-if-unread.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import { connectRaw } from '../support/raw-client.ts';

type State = Partial<Exchange['body']>;

/** Answers every request by what `closeIfUnread` says of a body in this state. */
async function answerWith(state: State) {
  const server = createServer((_request, response: ServerResponse) => {
    const fields = closeIfUnread(response, { body: state } as unknown as Exchange);
    response.writeHead(409, ['Content-Length', '2', ...fields]).end('no');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const caller = await connectRaw((server.address() as { port: number }).port);
  return { caller, end: () => new Promise((resolve) => server.close(resolve)) };
}

test.each<[string, State, boolean]>([
  ['has no body', { present: false, complete: false }, true],
  ['has come whole', { present: true, complete: true, length: 9e9, received: 9e9 }, true],
  ['has little left', { present: true, complete: false, length: 65_536, received: 0 }, true],
  ['has much left', { present: true, complete: false, length: 65_537, received: 0 }, false],
  ['has an unknown rest', { present: true, complete: false, length: undefined, received: 5 }, false],
])('whether a connection is kept when the request %s', async (_what, state, kept) => {
  const { caller, end } = await answerWith(state);
  caller.write('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nHost: a\r\n\r\n');
  if (kept) {
    await caller.until('no');
    caller.socket.end();
  }
  expect((await caller.closed).includes('Connection: close')).toBe(!kept);
  await end();
});

test('a caller who goes on sending gets the answer, and not a reset in its place', async () => {
  const { caller, end } = await answerWith({ present: true, complete: false, length: 5_000_000, received: 0 });
  const errors: Error[] = [];
  caller.socket.on('error', (error) => errors.push(error));
  caller.write('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n');
  // Reads nothing until all is sent: what a reset would take away is not there yet.
  caller.socket.pause();
  await send(caller.socket, 5_000_000);
  caller.socket.resume();
  expect(await caller.closed).toMatch(/^HTTP\/1\.1 409 .*\r\n\r\nno$/s);
  expect(errors).toEqual([]);
  await end();
});

async function send(socket: Socket, total: number): Promise<void> {
  for (let sent = 0; sent < total; sent += 50_000) if (!socket.write(Buffer.alloc(50_000))) await once(socket, 'drain');
}
