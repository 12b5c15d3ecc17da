import { connectRaw, fieldsOf, rawRequest, statusOf } from '../support/raw-client.ts';
import { always, reply, type Script } from '../support/scripted-upstream.ts';
import { startGateway } from '../support/start-gateway.ts';
import { get, repliesOf, startOpen } from '../support/start-open.ts';

const codeOf = (answer: string): string | undefined => answer.match(/GW_\w+/)?.[0];
const outcomeOf = (answer: string) => [statusOf(answer), codeOf(answer)];

describe('CONNECT', () => {
  test.each(['a:443', '/path', '*', 'http://a/', 'a'])('%s is refused with a clear answer', async (target) => {
    const { gateway, upstream } = await startOpen(always(200));
    const answer = await rawRequest(
      gateway.port,
      `CONNECT ${target} HTTP/1.1\r\nHost: a:443\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
    );
    expect(outcomeOf(answer)).toEqual([501, 'GW_NOT_IMPLEMENTED']);
    expect(fieldsOf(answer, 'connection')).toEqual(['close']);
    await gateway.logged({ id: fieldsOf(answer, 'x-request-id')[0], method: 'CONNECT', status: 501 });
    expect(upstream.requests).toEqual([]);
  });

  test('behind a request that waits for its answer is refused in its turn', async () => {
    const { gateway } = await startOpen((_request, socket) => setImmediate(() => socket.write(reply(200, [], 'mine'))));
    const answers = repliesOf(
      await rawRequest(
        gateway.port,
        'GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nCONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n',
      ),
    );
    expect(answers.map(statusOf)).toEqual([200, 200, 501]);
  });
});

describe('a caller who ends its side after the request', () => {
  const late: Script = (_request, socket) => void setTimeout(() => socket.write(reply(200, [], 'late')), 150);

  test.each(['1.1', '1.0'])('still gets the reply (HTTP/%s)', async (version) => {
    const { gateway } = await startOpen(late);
    const caller = await connectRaw(gateway.port);
    caller.socket.end(`GET / HTTP/${version}\r\nHost: a\r\n\r\n`);
    expect(await caller.closed).toMatch(/HTTP\/1\.1 200 .*late$/s);
    expect(await gateway.logged({ status: 200 })).not.toHaveProperty('complete', false);
  });

  test('gets a whole stream that goes on', async () => {
    const { gateway } = await startOpen((_request, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      let left = 8;
      const timer = setInterval(() => {
        left -= 1;
        socket.write(left > 0 ? '1\r\nx\r\n' : '0\r\n\r\n');
        if (left === 0) clearInterval(timer);
      }, 100);
    });
    const caller = await connectRaw(gateway.port);
    caller.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await caller.until('\r\n\r\n');
    caller.socket.end();
    expect(await caller.closed).toMatch(/(1\r\nx\r\n){7}0\r\n\r\n$/);
  });

  test('gets the replies to all that it has asked for', async () => {
    const { gateway } = await startOpen(late);
    const caller = await connectRaw(gateway.port);
    caller.socket.end('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n');
    const replies = repliesOf(await caller.closed).filter((one) => statusOf(one) !== 100);
    expect(replies.map(statusOf)).toEqual([200, 200]);
  });

  test('costs nothing further when it has left, at once or in the middle of a silent stream', async () => {
    const { gateway, upstream } = await startOpen((seen, socket) => {
      if (seen.target === '/stream') socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n');
    });
    for (const [path, version, seen] of [
      ['/mute', '1.1', ''],
      ['/mute', '1.0', ''],
      ['/stream', '1.1', 'x'],
      ['/stream', '1.0', 'x'],
    ] as const) {
      const caller = await connectRaw(gateway.port);
      caller.write(`GET ${path} HTTP/${version}\r\nHost: a\r\n\r\n`);
      await upstream.request(upstream.requests.length + (seen === '' ? 1 : 0));
      await caller.until(seen);
      caller.socket.destroy();
      await upstream.disconnected();
    }
  });
});

describe('more than one Authorization', () => {
  const two = 'Authorization: Basic YTpi\r\nauthorization: Basic YTpi\r\n';

  test.each<[string, string]>([
    ['a public route', `GET / HTTP/1.1\r\nHost: a\r\n${two}\r\n`],
    ['a protected route', `GET /guarded HTTP/1.1\r\nHost: a\r\n${two}\r\n`],
    ['no route', `GET /nowhere HTTP/1.1\r\nHost: a\r\n${two}\r\n`],
    ['the token endpoint', `POST /oauth/token HTTP/1.1\r\nHost: a\r\n${two}Content-Length: 0\r\n\r\n`],
    ['introspection', `POST /oauth/introspect HTTP/1.1\r\nHost: a\r\n${two}Content-Length: 0\r\n\r\n`],
    ['revocation', `POST /oauth/revoke HTTP/1.1\r\nHost: a\r\n${two}Content-Length: 0\r\n\r\n`],
    ['a document', `GET /.well-known/jwks.json HTTP/1.1\r\nHost: a\r\n${two}\r\n`],
  ])('is refused on %s', async (_where, bytes) => {
    const gateway = await startGateway(`
services: { things: { instances: ["http://127.0.0.1:1"] } }
routes:
  - { id: guarded, match: { path: /guarded }, to: { service: things }, access: authenticated }
  - { id: things, match: { path: / }, to: { service: things }, access: public }
`);
    const caller = await connectRaw(gateway.port);
    caller.write(bytes);
    expect(outcomeOf(await caller.until('}'))).toEqual([400, 'GW_BAD_CREDENTIALS']);
  });
});

describe('the version', () => {
  test.each(['HTTP/0.9', 'HTTP/1.2', 'HTTP/2.0', 'HTTP/3.0'])('%s is 505', async (version) => {
    const { gateway, upstream } = await startOpen(always(200));
    const caller = await connectRaw(gateway.port);
    caller.write(`GET / ${version}\r\nHost: a\r\n\r\n`);
    expect(outcomeOf(await caller.until('}'))).toEqual([505, 'GW_VERSION_NOT_SUPPORTED']);
    expect(upstream.requests).toEqual([]);
  });

  test.each([
    'GET /\r\n\r\n',
    'GET / http/1.1\r\nHost: a\r\n\r\n',
    'GET / HTTP/1\r\nHost: a\r\n\r\n',
    'GET / HTTP/1.1\nHost: a\n\n',
  ])('that cannot be read is refused (%j)', async (bytes) => {
    const { gateway } = await startOpen(always(200));
    const caller = await connectRaw(gateway.port);
    caller.write(bytes);
    expect([400, 505]).toContain(statusOf(await caller.until('}')));
  });
});

describe('time', () => {
  test.each<[string, string]>([
    ['a header that does not end', 'GET / HTTP/1.1\r\nHost: a\r\n'],
    ['no first byte after a line end', '\r\n'],
    ['a body that does not come', 'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab'],
    ['chunks that do not end', 'PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n'],
  ])('%s: 408, and the connection ends', async (_what, bytes) => {
    const { gateway, upstream } = await startOpen(() => {}, 'limits: { headerTimeout: 100ms, requestTimeout: 200ms }');
    const answer = await rawRequest(gateway.port, bytes);
    expect(outcomeOf(answer)).toEqual([408, 'GW_REQUEST_TIMEOUT']);
    expect(fieldsOf(answer, 'connection')).toEqual(['close']);
    await upstream.disconnected();
  });

  test('a connection without a request just ends', async () => {
    const { gateway } = await startOpen(always(200), 'limits: { headerTimeout: 100ms, requestTimeout: 200ms }');
    const caller = await connectRaw(gateway.port);
    expect([0, 408]).toContain(statusOf(await caller.closed) || 0);
  });
});

describe('a header', () => {
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'with a field %s arrives with it, both ways',
    async (name) => {
      const { gateway, upstream } = await startOpen(
        (_request, socket) => void socket.write(reply(200, [`${name}: back`], 'ok')),
      );
      const answer = await rawRequest(gateway.port, get('/', [`${name}: there`, `${name}: twice`]));
      expect(fieldsOf(answer, name)).toEqual(['back']);
      const { headers } = upstream.requests[0]!;
      expect(headers.filter((_, i) => i % 2 === 1 && headers[i - 1] === name)).toEqual(['there', 'twice']);
    },
  );

  test('of very many fields loses none of them', async () => {
    const { gateway, upstream } = await startOpen(always(200), 'limits: { header: 64kB }');
    const answer = await rawRequest(
      gateway.port,
      get(
        '/',
        Array.from({ length: 2500 }, (_, i) => `a${i}: 1`),
      ),
    );
    expect(statusOf(answer)).toBe(200);
    expect(upstream.requests[0]!.header('a2499')).toBe('1');
    const hidden = await rawRequest(
      gateway.port,
      get('/', [...Array.from({ length: 2500 }, (_, i) => `a${i}: 1`), 'Host: b']),
    );
    expect(outcomeOf(hidden)).toEqual([400, 'GW_BAD_HOST']);
  });

  test('keeps order, case, duplicates and bytes on its way', async () => {
    const { gateway, upstream } = await startOpen(always(200));
    const fields = ['x-B: 1', 'X-a: \xe4\xf6', 'x-b: 2', 'Accept: */*', 'X-Empty:'];
    await rawRequest(gateway.port, Buffer.from(get('/', fields), 'latin1'));
    const { headers } = upstream.requests[0]!;
    const sent = headers.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${headers[i + 1]}`] : []));
    expect(sent.filter((line) => /^(x-[abe]|accept)/i.test(line))).toEqual([...fields.slice(0, 4), 'X-Empty: ']);
  });

  test.each([
    ['a bare CR', 'GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n'],
    ['a bare LF', 'GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n'],
    ['a bare LF at its end', 'GET / HTTP/1.1\r\nHost: a\r\n\n'],
    ['NUL in a name', 'GET / HTTP/1.1\r\nHost: a\r\nX\x00: b\r\n\r\n'],
    ['NUL in a value', 'GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n'],
    ['a folded line', 'GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\n\r\n'],
    ['a line without a colon', 'GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n'],
    ['an empty name', 'GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n'],
    ['a space before the first field', 'GET / HTTP/1.1\r\n Host: a\r\n\r\n'],
    ['a control in the target', 'GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a byte that is not ASCII in the target', 'GET /\xe4 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a space in the target', 'GET /a b HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a fragment', 'GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a negative length', 'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n'],
    ['a length in hex', 'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\na'],
    ['a length beyond all numbers', 'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\na'],
    [
      'a chunk size beyond all numbers',
      'PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n',
    ],
    ['a negative chunk size', 'PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\na\r\n0\r\n\r\n'],
    ['a chunk that ends in LF', 'PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n'],
    ['chunks in HTTP/1.0', 'PUT / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a Host with a space', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n'],
    ['a Host with a user', 'GET / HTTP/1.1\r\nHost: u@a\r\n\r\n'],
    ['a Host with a comma', 'GET / HTTP/1.1\r\nHost: a, b\r\n\r\n'],
    ['a Host with a broken port', 'GET / HTTP/1.1\r\nHost: a:b\r\n\r\n'],
    ['a Host of half an IPv6 address', 'GET / HTTP/1.1\r\nHost: [::1\r\n\r\n'],
    ['an authority-form target', 'GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a target of another scheme', 'GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n'],
  ])('with %s is 400', async (_what, bytes) => {
    const { gateway } = await startOpen(always(200));
    const caller = await connectRaw(gateway.port);
    caller.write(Buffer.from(bytes, 'latin1'));
    expect(statusOf(await caller.until('}'))).toBe(400);
  });

  test.each(['[::1]', '[::1]:8080', 'A.example.', 'a-b_c.example:1', '127.0.0.1:80'])(
    'with Host %s is fine',
    async (host) => {
      const { gateway, upstream } = await startOpen(always(200));
      const answer = await rawRequest(gateway.port, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      expect(statusOf(answer)).toBe(200);
      expect(upstream.requests[0]!.header('x-forwarded-host')).toBe(host.toLowerCase());
    },
  );
});

test('a body that turns out not to be HTTP stops what was going on for it, and is answered', async () => {
  const { gateway, upstream } = await startOpen(() => {});
  const caller = await connectRaw(gateway.port);
  caller.write('PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n');
  await upstream.request(1);
  caller.write('zz\r\n');
  expect(outcomeOf(await caller.closed)).toEqual([400, 'GW_BAD_REQUEST']);
  await upstream.disconnected();
});

test('chunk extensions end here', async () => {
  const { gateway, upstream } = await startOpen(
    async (seen, socket) => void socket.write(reply(200, [], await seen.body)),
  );
  const answer = await rawRequest(
    gateway.port,
    'PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2;a="b\r\n',
  ).catch(String);
  expect(answer).not.toContain('HTTP/1.1 200');
  const good = await rawRequest(
    gateway.port,
    'PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2;a=b\r\nhi\r\n0\r\n\r\n',
  );
  expect(good).toMatch(/^HTTP\/1\.1 200 .*hi$/s);
  expect(await upstream.requests.at(-1)!.body).toBe('hi');
});

test('a hundred pipelined requests are answered in order, whatever the instance’s own order', async () => {
  const { gateway } = await startOpen((seen, socket) => {
    setTimeout(() => socket.write(reply(200, [], seen.target)), Number(seen.target.slice(1)) % 7);
  });
  const bytes = Array.from({ length: 99 }, (_, i) => `GET /${i} HTTP/1.1\r\nHost: a\r\n\r\n`).join('');
  const answers = repliesOf(await rawRequest(gateway.port, bytes + get('/99')));
  expect(answers.map((answer) => answer.split('\r\n\r\n')[1])).toEqual(Array.from({ length: 100 }, (_, i) => `/${i}`));
});
