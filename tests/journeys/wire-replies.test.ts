import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connectRaw, fieldsOf, rawRequest, statusOf } from '../support/raw-client.ts';
import { reply, type Script } from '../support/scripted-upstream.ts';
import { get, repliesOf, startOpen } from '../support/start-open.ts';

const says =
  (bytes: string): Script =>
  (_request, socket) =>
    void socket.write(Buffer.from(bytes, 'latin1'));

/** Says this and ends its side. */
const saysAndEnds =
  (bytes: string): Script =>
  (_request, socket) =>
    void socket.end(Buffer.from(bytes, 'latin1'));

describe('a reply without a body', () => {
  test.each<[string, string, string, readonly string[]]>([
    ['HEAD with a length', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', ['5']],
    ['HEAD with chunks', 'HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', []],
    ['HEAD with neither', 'HEAD', 'HTTP/1.1 200 OK\r\n\r\n', []],
    ['204', 'GET', 'HTTP/1.1 204 None\r\n\r\n', []],
    ['204 with a length', 'GET', 'HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\n', []],
    ['304', 'GET', 'HTTP/1.1 304 Same\r\nETag: "1"\r\n\r\n', []],
    ['304 with the length that 200 would have', 'GET', 'HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\n', ['5']],
    ['HEAD of an error', 'HEAD', 'HTTP/1.1 404 None\r\nContent-Length: 9\r\n\r\n', ['9']],
  ])('%s leaves no byte behind, and the connection goes on', async (_what, method, bytes, lengths) => {
    const { gateway } = await startOpen((seen, socket) =>
      seen.target === '/next' ? says(reply(200, [], 'next'))(seen, socket) : says(bytes)(seen, socket),
    );
    const connection = await connectRaw(gateway.port);
    connection.write(`${method} / HTTP/1.1\r\nHost: a\r\n\r\n${get('/next')}`);
    const [first = '', second = '', ...more] = repliesOf(await connection.closed);
    expect(fieldsOf(first, 'content-length')).toEqual(lengths);
    expect(fieldsOf(first, 'transfer-encoding')).toEqual([]);
    expect(first).toMatch(/\r\n\r\n$/);
    expect([statusOf(second), second.slice(-4), more]).toEqual([200, 'next', []]);
  });

  test.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'],
    ['GET', 'HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\n12345HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'],
    ['GET', 'HTTP/1.1 304 Same\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'],
    ['GET', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'],
  ])('bytes after a reply to %s are nobody’s: the next request goes elsewhere (%#)', async (method, bytes) => {
    let asked = 0;
    const { gateway, upstream } = await startOpen((seen, socket) => {
      asked += 1;
      says(asked === 1 ? bytes : reply(200, [], 'mine'))(seen, socket);
    });
    await rawRequest(gateway.port, get('/', [], method));
    expect(await rawRequest(gateway.port, get('/'))).toMatch(/mine$/);
    expect(upstream.connections).toBe(2);
  });
});

describe('a reply that ends with its connection', () => {
  const rest = 'HTTP/1.1 200 OK\r\nX: 1\r\n\r\nall of it';

  test.each([rest, rest.replace('1.1', '1.0'), rest.replace('X: 1', 'Connection: close')])(
    'is chunked to HTTP/1.1, as it is to HTTP/1.0 (%#)',
    async (bytes) => {
      const { gateway } = await startOpen(saysAndEnds(bytes));
      expect(await rawRequest(gateway.port, get('/'))).toMatch(/\r\n\r\n9\r\nall of it\r\n0\r\n\r\n$/);
      const old = await rawRequest(gateway.port, 'GET / HTTP/1.0\r\nHost: a\r\n\r\n');
      expect([fieldsOf(old, 'transfer-encoding'), old.slice(-9)]).toEqual([[], 'all of it']);
    },
  );

  test('that is a reset is cut to the caller', async () => {
    const { gateway } = await startOpen((_request, socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\nhalf', () => socket.resetAndDestroy());
    });
    const answer = await rawRequest(gateway.port, get('/'));
    expect(answer).not.toMatch(/0\r\n\r\n$/);
  });
});

describe('HTTP/1.0', () => {
  test.each<[string, string]>([
    ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n'],
    ['a length', reply(200, [], 'body')],
  ])('never gets chunks, here made of %s', async (_what, bytes) => {
    const { gateway } = await startOpen(says(bytes));
    const answer = await rawRequest(gateway.port, 'GET / HTTP/1.0\r\nHost: a\r\n\r\n');
    expect(fieldsOf(answer, 'transfer-encoding')).toEqual([]);
    expect(answer).toMatch(/\r\n\r\nbody$/);
  });

  test('may keep its connection where the length is known', async () => {
    const { gateway } = await startOpen(says(reply(200, [], 'body')));
    const request = 'GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n';
    const answer = await rawRequest(gateway.port, `${request}GET / HTTP/1.0\r\nHost: a\r\n\r\n`);
    expect(repliesOf(answer).map((one) => one.slice(-4))).toEqual(['body', 'body']);
  });
});

const invalid: readonly [string, string][] = [
  ['no HTTP', 'hello\r\n\r\n'],
  ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n12345'],
  ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n12345'],
  ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n12345'],
  ['a coding within the chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\n\r\n'],
  ['a coding that nobody knows', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\nabc'],
  ['chunks within a coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\nabc'],
  ['NUL in a field', 'HTTP/1.1 200 OK\r\nX: a\x00b\r\nContent-Length: 0\r\n\r\n'],
  ['a control in a field', 'HTTP/1.1 200 OK\r\nX: a\x01b\r\nContent-Length: 0\r\n\r\n'],
  ['DEL in a field', 'HTTP/1.1 200 OK\r\nX: a\x7fb\r\nContent-Length: 0\r\n\r\n'],
  ['a name with a space', 'HTTP/1.1 200 OK\r\nX Y: 1\r\nContent-Length: 0\r\n\r\n'],
  ['a space before the colon', 'HTTP/1.1 200 OK\r\nX : 1\r\nContent-Length: 0\r\n\r\n'],
  ['a name that is not ASCII', 'HTTP/1.1 200 OK\r\n\xe4: 1\r\nContent-Length: 0\r\n\r\n'],
  ['a folded field', 'HTTP/1.1 200 OK\r\nX: 1\r\n 2\r\nContent-Length: 0\r\n\r\n'],
  ['bare CR', 'HTTP/1.1 200 OK\r\nX: 1\rY: 2\r\nContent-Length: 0\r\n\r\n'],
  ['bare LF', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
  ['a header that is too large', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(20_000)}\r\nContent-Length: 0\r\n\r\n`],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n'],
  ['another version', 'HTTP/3.0 200 OK\r\nContent-Length: 0\r\n\r\n'],
];

test.each(invalid)('a reply with %s is 502, once, and its connection is not used again', async (_what, bytes) => {
  const { gateway, upstream } = await startOpen(says(bytes));
  const answer = await rawRequest(gateway.port, get('/'));
  expect([statusOf(answer), answer.match(/GW_\w+/)?.[0]]).toEqual([502, 'GW_UPSTREAM_INVALID']);
  expect(upstream.requests).toHaveLength(1);
  await upstream.disconnected();
});

test.each<[string, string]>([
  ['a chunk size that is none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\nzz\r\n'],
  ['a chunk that is longer than it says', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody+\r\n'],
  [
    'a trailer that would change the framing',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nContent-Length: 9\r\n\r\n',
  ],
])('%s in the body cuts the connection: the reply has no end', async (_what, bytes) => {
  const [head = '', body = ''] = bytes.split(/(?<=body)/);
  let go = (): void => {};
  const { gateway, upstream } = await startOpen((_request, socket) => {
    socket.write(head);
    go = () => socket.write(body);
  });
  const caller = await connectRaw(gateway.port);
  caller.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await caller.until('body');
  go();
  expect(await caller.closed).toMatch(/\r\n\r\n4\r\nbody\r\n$/);
  await gateway.logged({ status: 200, complete: false, error: 'GW_UPSTREAM_FAILED' });
  await upstream.disconnected();
});

test('bytes of ISO-8859-1 in a field stay what they are', async () => {
  const { gateway } = await startOpen(says('HTTP/1.1 200 OK\r\nX: \xe4\xff \t\xa0\r\nContent-Length: 0\r\n\r\n'));
  expect(fieldsOf(await rawRequest(gateway.port, get('/')), 'x')).toEqual(['\xe4\xff \t\xa0'.trim()]);
});

test('a reason of any kind and a status of any class are the service’s to choose', async () => {
  const { gateway } = await startOpen(says('HTTP/1.1 799 \r\nContent-Length: 2\r\n\r\nok'));
  expect(statusOf(await rawRequest(gateway.port, get('/')))).toBe(799);
});

describe('a final reply before the upload has ended', () => {
  const upload = (length: number): string => `PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`;

  test('reaches a caller who goes on sending, the connections end, and nobody is blamed', async () => {
    const { gateway, upstream } = await startOpen(says(reply(403, [], 'no')));
    const caller = await connectRaw(gateway.port);
    const errors: Error[] = [];
    caller.socket.on('error', (error) => errors.push(error));
    caller.write(`${upload(9_000_000)}some`);
    await caller.until('no');
    await sendUntilClosed(caller.socket);
    const answer = await caller.closed;
    expect([statusOf(answer), fieldsOf(answer, 'connection')]).toEqual([403, ['close']]);
    expect(await gateway.logged({ status: 403 })).not.toHaveProperty('error');
    await upstream.disconnected();
    expect(errors.filter(({ message }) => message.includes('ECONNRESET'))).toEqual([]);
  });

  test.each<[string, Script, string]>([
    ['is a refusal', says(reply(403, [], 'no')), '403'],
    [
      'is our own, because the instance died',
      (_request, socket) => void socket.resetAndDestroy(),
      'GW_UPSTREAM_FAILED',
    ],
  ])('costs the caller nothing when little is left and it %s', async (_what, script, seenFirst) => {
    const { gateway, upstream } = await startOpen((seen, socket) => {
      if (seen.method === 'PUT') script(seen, socket);
      else says(reply(200, [], 'next'))(seen, socket);
    });
    const caller = await connectRaw(gateway.port);
    caller.write(`${upload(65_540)}some`);
    await caller.until(seenFirst);
    // So much that nobody would take in the rest if the body were left alone.
    for (let part = 0; part < 8; part += 1) {
      caller.write('x'.repeat(8192));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    caller.write(get('/'));
    expect(await caller.closed).toMatch(/next$/);
    // The instance did not get all that was announced to it: its connection cannot be used again.
    expect(upstream.connections).toBe(2);
  });

  test.each([
    'DELETE /everything HTTP/1.1\r\nHost: a\r\n\r\n',
    'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n',
  ])(
    'is the last one on its connection: what the caller sends after the upload is not carried out (%#)',
    async (after) => {
      const { gateway, upstream } = await startOpen(says(reply(403, [], 'no')));
      const caller = await connectRaw(gateway.port);
      caller.write(`${upload(100_000)}some`);
      await caller.until('no');
      caller.write(`${'x'.repeat(99_996)}${after}`);
      expect(repliesOf(await caller.closed).map(statusOf)).toEqual([403]);
      await gateway.logged({ status: 403 });
      expect(gateway.log.filter(({ message }) => message === 'exchange').map(({ method }) => method)).toEqual(['PUT']);
      expect(upstream.requests.map(({ method }) => method)).toEqual(['PUT']);
    },
  );

  test('of our own is not lost either: 413 to a caller who sends all the same', async () => {
    const { gateway, upstream } = await startOpen(says(reply(200)), 'limits: { body: 1kB }');
    const caller = await connectRaw(gateway.port);
    caller.write(upload(5_000_000));
    caller.socket.pause();
    for (let sent = 0; sent < 3_000_000 && !caller.socket.destroyed; sent += 65_536)
      if (!caller.socket.write(Buffer.alloc(65_536))) await Promise.race([once(caller.socket, 'drain'), caller.closed]);
    caller.socket.resume();
    caller.socket.end();
    expect(statusOf(await caller.closed)).toBe(413);
    expect(upstream.requests).toEqual([]);
  });
});

async function sendUntilClosed(socket: Socket): Promise<void> {
  for (let sent = 0; sent < 8_000_000 && !socket.destroyed && socket.writable; sent += 65_536)
    if (!socket.write(Buffer.alloc(65_536)))
      await Promise.race(
        [once(socket, 'drain'), once(socket, 'close'), once(socket, 'end')].map((one) => one.catch(() => {})),
      );
  socket.end();
}
