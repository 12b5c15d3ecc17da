import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { writeReply } from '../../src/edge/write-reply.ts';
import { GatewayError } from '../../src/errors/gateway-error.ts';
import { type BodySink, type BodySource, bodyOf, emptyBody } from '../../src/model/body-source.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import { type ExchangeFacts, makeExchange } from '../forwarding/make-exchange.ts';
import { connectRaw } from '../support/raw-client.ts';

let server: Server | undefined;
afterEach(() => new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve))));

/** Replies to one real request, and gives what the caller got. */
async function replyWith(body: BodySource, facts: ExchangeFacts = {}, prepare = (_exchange: Exchange) => {}) {
  const exchange = makeExchange(facts);
  prepare(exchange);
  server = createServer((_request, response) => {
    response.shouldKeepAlive = false;
    writeReply(response, exchange, { status: 200, headers: ['X-A', '1'], body });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const caller = await connectRaw((server.address() as { port: number }).port);
  caller.write(`${facts.method ?? 'GET'} / HTTP/1.1\r\nHost: a\r\n\r\n`);
  return { exchange, caller };
}

/** A body whose sender is the test. */
function handBody() {
  const { promise: sink, resolve } = Promise.withResolvers<BodySink>();
  const calls: string[] = [];
  const body: BodySource = {
    start: resolve,
    pause: () => void calls.push('pause'),
    resume: () => void calls.push('resume'),
    cancel: () => {},
  };
  return { body, sink, calls };
}

test.each([1, 4096, 4097, 100_000])('a body of %d bytes that is all there arrives as it is', async (length) => {
  const content = Buffer.from(Array.from({ length }, (_, index) => index % 256));
  const { exchange, caller } = await replyWith(
    bodyOf(content),
    {},
    ({ replyHeaders }) => void replyHeaders.push('Content-Length', String(length)),
  );
  const bytes = Buffer.from(await caller.closed, 'latin1');
  expect(bytes.subarray(-length).equals(content)).toBe(true);
  expect(exchange.replyBytes).toBe(length);
});

test('fields that the gateway adds come after those of the reply', async () => {
  const { caller } = await replyWith(
    emptyBody,
    {},
    ({ replyHeaders }) => void replyHeaders.push('X-Request-Id', 'request-1'),
  );
  expect(await caller.closed).toMatch(/^HTTP\/1\.1 200 OK\r\nX-A: 1\r\nX-Request-Id: request-1\r\n/);
});

test('the header does not wait for the body, nor one chunk for the next', async () => {
  const { body, sink } = handBody();
  const { caller } = await replyWith(body);
  await caller.until('\r\n\r\n');
  (await sink).data(Buffer.from('first'));
  await caller.until('first');
  (await sink).data(Buffer.from('second'));
  (await sink).end();
  expect(await caller.closed).toMatch(/second\r\n0\r\n\r\n$/);
});

test('the sender pauses while the caller does not read, and goes on afterwards', async () => {
  const { body, sink, calls } = handBody();
  const { caller } = await replyWith(body);
  await caller.until('\r\n\r\n');
  caller.socket.pause();
  const chunk = Buffer.alloc(1_000_000);
  while (calls.length === 0) (await sink).data(chunk);
  expect(calls).toEqual(['pause']);
  caller.socket.resume();
  while (calls.length < 2) await new Promise(setImmediate);
  expect(calls).toEqual(['pause', 'resume']);
  (await sink).end();
  await caller.closed;
});

test.each<[string, Error | undefined, string | undefined]>([
  ['the instance broke off', undefined, 'GW_UPSTREAM_FAILED'],
  ['the time was over', new GatewayError('GW_UPSTREAM_TIMEOUT'), 'GW_UPSTREAM_TIMEOUT'],
  ['the caller left', new Error('gone'), undefined],
])('a body that breaks off ends the connection without its end: %s', async (_why, reason, code) => {
  const { body, sink } = handBody();
  const { exchange, caller } = await replyWith(body);
  (await sink).data(Buffer.from('half'));
  await caller.until('half');
  if (reason !== undefined) exchange.stop(reason);
  (await sink).error(new Error('cut'));
  expect(await caller.closed).not.toContain('0\r\n\r\n');
  expect(exchange.errorCode).toBe(code);
});
