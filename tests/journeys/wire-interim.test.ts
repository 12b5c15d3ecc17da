import { get as nodeGet } from 'node:http';
import { connectRaw, fieldsOf, rawRequest, statusOf } from '../support/raw-client.ts';
import { reply, type Script } from '../support/scripted-upstream.ts';
import { get, repliesOf, startOpen } from '../support/start-open.ts';

const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n';

describe('an interim reply of an instance', () => {
  const withInterim =
    (interim: string): Script =>
    (_request, socket) =>
      void socket.write(`${interim}${reply(200, [], 'done')}`);

  test('reaches the caller before the reply, while that is still being made', async () => {
    const { gateway, upstream } = await startOpen((_request, socket) => {
      socket.write(`${hints}Content-Length: 3\r\nConnection: X-Hop\r\nX-Hop: 1\r\nX-Request-Id: theirs\r\n\r\n`);
      socket.once('finish it', () => socket.write(reply(200, [], 'done')));
      late = () => socket.emit('finish it');
    });
    let late = (): void => {};
    const caller = await connectRaw(gateway.port);
    caller.write(get('/'));
    const first = await caller.until('\r\n\r\n');
    expect(first).toBe('HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n');
    late();
    const [, final = ''] = repliesOf(await caller.closed);
    expect([statusOf(final), final.slice(-4)]).toEqual([200, 'done']);
    expect(upstream.requests).toHaveLength(1);
  });

  test('of Node arrives as one', async () => {
    const { gateway } = await startOpen(withInterim(`${hints}\r\n`));
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const statuses: number[] = [];
    nodeGet(`${gateway.url}/`, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode));
    }).on('information', ({ statusCode }) => statuses.push(statusCode));
    expect(await promise).toBe(200);
    expect(statuses).toEqual([103]);
  });

  test.each([
    [102, 'HTTP/1.1 102 Processing'],
    [104, 'HTTP/1.1 104 Interim'],
    [199, 'HTTP/1.1 199 Interim'],
  ])('with status %d is relayed whatever it means', async (status, line) => {
    const { gateway } = await startOpen(withInterim(`HTTP/1.1 ${status} Whatever\r\nX-Progress: 1/2\r\n\r\n`));
    const [first, second = ''] = repliesOf(await rawRequest(gateway.port, get('/')));
    expect(first).toBe(`${line}\r\nX-Progress: 1/2\r\n\r\n`);
    expect(statusOf(second)).toBe(200);
  });

  test('may come several times, in order', async () => {
    const { gateway } = await startOpen(withInterim(`HTTP/1.1 102 Processing\r\n\r\n${hints}\r\n`));
    expect(repliesOf(await rawRequest(gateway.port, get('/'))).map(statusOf)).toEqual([102, 103, 200]);
  });

  test('is never shown to HTTP/1.0, which knows none', async () => {
    const { gateway } = await startOpen(withInterim(`${hints}\r\nHTTP/1.1 100 Continue\r\n\r\n`));
    expect(await rawRequest(gateway.port, 'GET / HTTP/1.0\r\nHost: a\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 .*done$/s);
  });

  test.each(['HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 100\r\nX: 1\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n'])(
    'of 100 that nobody asked for is dropped, and the connection kept (%#)',
    async (interim) => {
      const { gateway, upstream } = await startOpen(withInterim(interim));
      for (let i = 0; i < 3; i += 1)
        expect(repliesOf(await rawRequest(gateway.port, get('/'))).map(statusOf)).toEqual([200]);
      expect([upstream.requests.length, upstream.connections]).toEqual([3, 1]);
    },
  );

  test('of 100 in pieces, before an upload has ended, harms nothing', async () => {
    const { gateway } = await startOpen(async (seen, socket) => {
      socket.write('HTTP/1.1 10');
      await new Promise(setImmediate);
      socket.write('0 Continue\r\n\r');
      const body = await seen.body;
      socket.write(`\n${reply(200, [], body)}`);
    });
    const caller = await connectRaw(gateway.port);
    caller.write('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n');
    caller.write('x'.repeat(50_000));
    setImmediate(() => caller.write('x'.repeat(50_000)));
    const answer = await caller.closed;
    expect([statusOf(answer), answer.length > 100_000]).toEqual([200, true]);
  });

  test('is no answer: who sends nothing but these runs into the time-out', async () => {
    const { gateway } = await startOpen(
      (_request, socket) => void socket.write(`${hints}\r\n`),
      '',
      ', timeouts: { firstByte: 50ms }',
    );
    const [first = '', second = ''] = repliesOf(await rawRequest(gateway.port, get('/')));
    expect([statusOf(first), statusOf(second)]).toEqual([103, 504]);
  });

  test('does not reach a caller twice when the request goes out again', async () => {
    let asked = 0;
    const { gateway } = await startOpen((_request, socket) => {
      asked += 1;
      if (asked === 1) socket.end(`${hints}\r\n`);
      else socket.write(reply(200, [], 'done'));
    });
    expect(repliesOf(await rawRequest(gateway.port, get('/'))).map(statusOf)).toEqual([103, 200]);
  });
});

test.each([
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\n\r\n',
  'HTTP/1.1 099 Early\r\n\r\n',
  'HTTP/1.1 000 None\r\nContent-Length: 0\r\n\r\n',
])('a status that cannot be meant is 502, and nobody is asked again (%#)', async (bytes) => {
  const { gateway, upstream } = await startOpen((_request, socket) => void socket.write(bytes));
  const answer = await rawRequest(gateway.port, get('/'));
  expect(statusOf(answer)).toBe(502);
  expect(answer).toContain('GW_UPSTREAM_INVALID');
  expect(upstream.requests).toHaveLength(1);
  await upstream.disconnected();
});

describe('Expect', () => {
  const put = (expect: string, version = '1.1') =>
    `PUT / HTTP/${version}\r\nHost: a\r\nContent-Length: 4\r\n${expect}Connection: close\r\n\r\n`;
  const echo: Script = async (seen, socket) => void socket.write(reply(200, [], await seen.body));

  test.each(['100-continue', '100-Continue', ' 100-continue , 100-continue', ','])(
    '%j never reaches the instance, and the body does',
    async (value) => {
      const { gateway, upstream } = await startOpen(echo);
      const caller = await connectRaw(gateway.port);
      caller.write(put(`Expect: ${value}\r\n`));
      if (value !== ',') await caller.until('HTTP/1.1 100 Continue\r\n\r\n');
      caller.write('body');
      expect(repliesOf(await caller.closed).map(statusOf)).toEqual(value === ',' ? [200] : [100, 200]);
      expect(upstream.requests[0]!.header('expect')).toBeUndefined();
    },
  );

  test.each(['magic', '100-continue, magic', '100-continue;q=1', '100-continuez'])(
    '%j is 417, as a problem with a request id and a line in the log',
    async (value) => {
      const { gateway, upstream } = await startOpen(echo);
      const answer = await rawRequest(gateway.port, put(`Expect: ${value}\r\n`));
      expect([statusOf(answer), ...fieldsOf(answer, 'content-type')]).toEqual([417, 'application/problem+json']);
      expect(answer).not.toContain('100 Continue');
      await gateway.logged({ id: fieldsOf(answer, 'x-request-id')[0], status: 417 });
      expect(upstream.requests).toEqual([]);
    },
  );

  test('of two lines is read as one list', async () => {
    const { gateway } = await startOpen(echo);
    const answer = await rawRequest(gateway.port, put('Expect: 100-continue\r\nExpect: magic\r\n'));
    expect(statusOf(answer)).toBe(417);
  });

  test('means nothing from HTTP/1.0', async () => {
    const { gateway } = await startOpen(echo);
    const answer = await rawRequest(gateway.port, `${put('Expect: 100-continue\r\n', '1.0')}body`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*body$/s);
  });
});
