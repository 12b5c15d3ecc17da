import type { Socket } from 'node:net';
import { connectRaw, fieldsOf, rawRequest, statusOf } from '../support/raw-client.ts';
import { reply, type Script, startScriptedUpstream, type UpstreamRequest } from '../support/scripted-upstream.ts';
import { startGateway } from '../support/start-gateway.ts';

async function startOver(script: Script) {
  const upstream = await startScriptedUpstream(script);
  const gateway = await startGateway(`
limits: { body: 100MB }
services: { things: { instances: ["${upstream.url}"] } }
routes:
  - { id: guarded, match: { path: /guarded }, to: { service: things }, access: { scopes: [write] } }
  - { id: things, match: { path: /* }, to: { service: things }, access: public }
`);
  return { upstream, gateway };
}

test('an event reaches the caller before the stream ends', async () => {
  const sockets: Socket[] = [];
  const { gateway } = await startOver((_request, socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n');
    socket.once('more', () => socket.write('9\r\ndata: 1\n\n\r\n'));
    socket.once('end of events', () => socket.write('0\r\n\r\n'));
    sockets.push(socket);
  });
  const caller = await connectRaw(gateway.port);
  caller.write('GET /events HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  // The header comes while there is no event yet.
  await caller.until('\r\n\r\n');
  sockets[0]!.emit('more');
  expect(await caller.until('data: 1')).not.toContain('\r\n0\r\n');
  sockets[0]!.emit('end of events');
  expect(await caller.closed).toMatch(/\r\n0\r\n\r\n$/);
});

test('an upload goes through chunk by chunk', async () => {
  const { upstream, gateway } = await startOver(
    async (seen, socket) => void socket.write(reply(200, [], `got ${(await seen.body).length}`)),
  );
  const caller = await connectRaw(gateway.port);
  caller.write('PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nfirst\r\n');
  const seen = await upstream.request(1);
  await arrival(seen, 'first');
  caller.write('6\r\nsecond\r\n');
  await arrival(seen, 'firstsecond');
  caller.write('0\r\n\r\n');
  expect(await caller.closed).toMatch(/\r\n\r\ngot 11$/);
  expect(seen.header('transfer-encoding')).toBe('chunked');
});

const arrival = async (seen: UpstreamRequest, text: string): Promise<void> => {
  while (seen.received !== text) await new Promise(setImmediate);
};

test('an instance that does not read holds the upload back, and nothing piles up here', async () => {
  const total = 50_000_000;
  const { upstream, gateway } = await startOver((_request, socket) => void socket.pause());
  const caller = await connectRaw(gateway.port);
  caller.write(`PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: ${total}\r\n\r\nx`);
  await upstream.request(1);
  const before = process.memoryUsage().arrayBuffers;
  const chunk = Buffer.alloc(64 * 1024);
  let sent = 1;
  // Writes until nobody takes any more: the kernel's buffers are full, and the gateway has stopped reading.
  for (let taken = true; taken && sent < total; ) {
    taken = caller.socket.write(chunk) || (await Promise.race([drained(caller.socket), pause(100)]));
    sent += chunk.length;
  }
  expect(sent).toBeLessThan(total / 2);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8_000_000);
});

const drained = (socket: Socket) => new Promise<true>((resolve) => socket.once('drain', () => resolve(true)));
const pause = (milliseconds: number) => new Promise<false>((resolve) => setTimeout(resolve, milliseconds, false));

test('a caller who reads slowly holds the reply back, and nothing piles up here', async () => {
  const total = 50_000_000;
  let sent = 0;
  const { gateway, upstream } = await startOver((_request, socket) => {
    const chunk = Buffer.alloc(64 * 1024);
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`);
    const pump = (): void => {
      while (sent < total) {
        const part = chunk.subarray(0, Math.min(chunk.length, total - sent));
        sent += part.length;
        if (!socket.write(part)) return void socket.once('drain', pump);
      }
    };
    pump();
  });
  const caller = await connectRaw(gateway.port);
  caller.socket.removeAllListeners('data');
  caller.socket.pause();
  caller.write('GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  await upstream.request(1);
  const before = process.memoryUsage().arrayBuffers;
  let last = -1;
  while (last !== sent) {
    last = sent;
    await pause(50);
  }
  expect(sent).toBeLessThan(total / 2);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8_000_000);
  let received = 0;
  caller.socket
    .on('data', (chunk) => {
      received += chunk.length;
    })
    .resume();
  await caller.closed;
  expect(received).toBeGreaterThan(total);
});

test('an answer that comes before the upload has ended is relayed, and both connections end', async () => {
  const { upstream, gateway } = await startOver((_request, socket) => void socket.write(reply(409, [], 'no')));
  const caller = await connectRaw(gateway.port);
  caller.write('PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\nsome');
  const answer = await caller.closed;
  expect(statusOf(answer)).toBe(409);
  expect(fieldsOf(answer, 'connection')).toEqual(['close']);
  expect(answer).toMatch(/\r\n\r\nno$/);
  await upstream.disconnected();
});

describe('Expect: 100-continue', () => {
  const head = 'Host: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n';

  test('is answered when the guards have let the request pass', async () => {
    const { upstream, gateway } = await startOver(
      async (seen, socket) => void socket.write(reply(200, [], await seen.body)),
    );
    const caller = await connectRaw(gateway.port);
    caller.write(`PUT /x HTTP/1.1\r\n${head}`);
    await caller.until('HTTP/1.1 100 Continue\r\n\r\n');
    caller.write('body');
    expect(await caller.closed).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 .*\r\n\r\nbody$/s);
    expect(upstream.requests[0]!.header('expect')).toBeUndefined();
  });

  test('a request that does not pass is never asked for its body', async () => {
    const { upstream, gateway } = await startOver(() => {});
    const answer = await rawRequest(gateway.port, `PUT /guarded HTTP/1.1\r\n${head}`);
    expect(statusOf(answer)).toBe(401);
    expect(answer).not.toContain('100 Continue');
    expect(upstream.requests).toHaveLength(0);
  });
});

test('a chunked body over the limit: 413 as soon as it shows, and the instance is cut off', async () => {
  const upstream = await startScriptedUpstream(() => {});
  const gateway = await startGateway(`
limits: { body: 10B }
services: { things: { instances: ["${upstream.url}"] } }
routes: [{ id: things, match: { path: /* }, to: { service: things }, access: public }]
`);
  const answer = await rawRequest(
    gateway.port,
    'PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n',
  );
  expect(statusOf(answer)).toBe(413);
  expect(answer).toContain('GW_BODY_TOO_LARGE');
  expect(fieldsOf(answer, 'connection')).toEqual(['close']);
  await upstream.disconnected();
});

test('a caller who breaks off an upload cuts it off at the instance', async () => {
  const { upstream, gateway } = await startOver(() => {});
  const caller = await connectRaw(gateway.port);
  caller.write('PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf');
  await arrival(await upstream.request(1), 'half');
  caller.socket.destroy();
  await upstream.disconnected();
  expect(await gateway.logged({ path: '/x' })).toMatchObject({ status: 499, complete: false });
});
