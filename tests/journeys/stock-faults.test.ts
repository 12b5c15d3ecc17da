import { connectRaw, fieldsOf, rawRequest, statusOf } from '../support/raw-client.ts';
import { always, refusingPort, reply, type Script, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startSilentAddress } from '../support/silent-address.ts';
import { createHandClock, startGateway } from '../support/start-gateway.ts';
import { get, repliesOf, startOpen } from '../support/start-open.ts';

// What Express, Node's server and client, http-proxy-middleware and express-rate-limit get wrong by default, one by one.

const codeOf = (answer: string): string | undefined => answer.match(/GW_\w+/)?.[0];

describe('Express: a guard in front of a path', () => {
  const spellings = [
    ...[
      '/admin',
      '//admin',
      '/./admin',
      '/x/../admin',
      '/%61dmin',
      '/%61%64%6d%69%6e',
      '/adm%69n',
      '/admin/',
      '//admin//',
    ],
    ...[
      '/admin/.',
      '/admin/x/..',
      '/admin?x',
      '/admin;x',
      '/ADMIN',
      '/Admin',
      '/admin%2f',
      '/admin%5c',
      '\\admin',
      '/\\admin',
    ],
    ...[
      '/admin%00',
      '/%2e/admin',
      '/x/%2e%2e/admin',
      '/x/..;/admin',
      '/%252e/admin',
      '/%2561dmin',
      '/admin%20',
      '/admin.',
    ],
    ...[
      'http://a/admin',
      'http://a//admin',
      'http://b/%61dmin',
      'HTTP://A/admin',
      '/admin#x',
      '/.//admin',
      '/admin/./x',
    ],
  ];

  test('no spelling of /admin reaches a service that would take it for /admin', async () => {
    const upstream = await startScriptedUpstream(always(200, [], 'inside'));
    const gateway = await startGateway(`
limits: { address: false }
services: { things: { instances: ["${upstream.url}"] } }
routes:
  - { id: admin, match: { path: "/admin/*" }, to: { service: things }, access: { scopes: [write] } }
  - { id: things, match: { path: "/*" }, to: { service: things }, access: public }
`);
    for (const target of spellings) await rawRequest(gateway.port, get(target));
    const reached = upstream.requests.map(({ target }) => target);
    // As a lenient server would read it: decoded, slashes of both kinds and in a row, dots resolved.
    const lenient = (target: string): string =>
      new URL(`http://a${encodeURI(decodeURIComponent(target).replace(/[\\/]+/g, '/'))}`).pathname;
    expect(reached.filter((target) => /^\/admin(?:\/|$)/.test(lenient(target)))).toEqual([]);
    expect(reached.every((target) => !/%(?:2f|5c|00|25)|\\|\/\/|\/\./i.test(target))).toBe(true);
  });

  test('the target is taken from the raw bytes, not from what Express makes of them', async () => {
    const { gateway, upstream } = await startOpen(always(200));
    await rawRequest(gateway.port, get('//evil.example/%7Ex?a=//b/../%2e'));
    expect(upstream.requests[0]!.target).toBe('/evil.example/~x?a=//b/../%2e');
    expect(upstream.requests[0]!.header('x-forwarded-host')).toBe('a');
  });
});

describe('Node’s server', () => {
  test.each<[string, string, number]>([
    ['a duplicate Host', 'GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n', 400],
    ['an empty Host', 'GET / HTTP/1.1\r\nHost: \r\n', 400],
    ['a malformed Host', 'GET / HTTP/1.1\r\nHost: a/../b\r\n', 400],
    ['GET *', 'GET * HTTP/1.1\r\nHost: a\r\n', 400],
    ['an empty Transfer-Encoding', 'GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n', 400],
    [
      'two Authorization lines',
      'GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n',
      400,
    ],
    ['HTTP/2.0 in words', 'GET / HTTP/2.0\r\nHost: a\r\n', 505],
  ])('accepts %s; Garita does not', async (_what, head, status) => {
    const { gateway, upstream } = await startOpen(always(200));
    const caller = await connectRaw(gateway.port);
    caller.write(`${head}\r\n`);
    expect(statusOf(await caller.until('}'))).toBe(status);
    expect(upstream.requests).toEqual([]);
  });

  test('merges and drops duplicate fields; here they arrive one by one, as they were sent', async () => {
    const { gateway, upstream } = await startOpen(
      always(200, ['X-A: 1', 'Set-Cookie: a', 'Set-Cookie: b', 'X-A: 2', 'Age: 1', 'Age: 2']),
    );
    const answer = await rawRequest(
      gateway.port,
      get('/', ['Cookie: a', 'Cookie: b', 'User-Agent: a', 'User-Agent: b']),
    );
    expect([fieldsOf(answer, 'x-a'), fieldsOf(answer, 'set-cookie'), fieldsOf(answer, 'age')]).toEqual([
      ['1', '2'],
      ['a', 'b'],
      ['1', '2'],
    ]);
    const { head } = upstream.requests[0]!;
    expect(head.match(/^(cookie|user-agent): .*$/gim)).toEqual([
      'Cookie: a',
      'Cookie: b',
      'User-Agent: a',
      'User-Agent: b',
    ]);
  });

  test('loses a field that is called __proto__; here it arrives', async () => {
    const { gateway, upstream } = await startOpen(always(200));
    await rawRequest(gateway.port, get('/', ['__proto__: x']));
    expect(upstream.requests[0]!.header('__proto__')).toBe('x');
  });

  test('loses every field after the 2000th; here a second Host there is seen', async () => {
    const { gateway } = await startOpen(always(200), 'limits: { header: 64kB }');
    const many = Array.from({ length: 2100 }, () => 'a: b');
    expect(codeOf(await rawRequest(gateway.port, get('/', [...many, 'Host: b'])))).toBe('GW_BAD_HOST');
  });

  test('looks for late requests every 30 s; here a limit of 100 ms is kept within one more', async () => {
    const { gateway } = await startOpen(always(200), 'limits: { headerTimeout: 100ms, requestTimeout: 100ms }');
    const begun = performance.now();
    expect(statusOf(await rawRequest(gateway.port, 'GET / HTTP/1.1\r\n'))).toBe(408);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  test('ends a connection without a word over CONNECT; here it is told', async () => {
    const { gateway } = await startOpen(always(200));
    expect(statusOf(await rawRequest(gateway.port, 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'))).toBe(501);
  });
});

test.each(['GET', 'DELETE', 'OPTIONS'])(
  'http.request writes a body of %s without framing, so that it becomes a request; here it stays a body',
  async (method) => {
    const { gateway, upstream } = await startOpen(
      async (seen, socket) => void socket.write(reply(200, [], await seen.body)),
    );
    const body = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
    for (const framing of [
      `Content-Length: ${body.length}\r\n\r\n${body}`,
      `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    ])
      await rawRequest(gateway.port, `${method} /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${framing}`);
    expect(upstream.requests.map(({ target, received }) => [target, received])).toEqual([
      ['/x', body],
      ['/x', body],
    ]);
  },
);

describe('http-proxy-middleware', () => {
  test('dies of a request with a stray Trailer; here it is an ordinary one', async () => {
    const { gateway, upstream } = await startOpen(always(200));
    for (const fields of [['Trailer: X'], ['Trailer: X', 'Content-Length: 0'], ['TE: trailers', 'Trailer: X']])
      expect(statusOf(await rawRequest(gateway.port, get('/', fields)))).toBe(200);
    expect(upstream.requests.every((seen) => seen.header('trailer') === undefined)).toBe(true);
  });

  test('dies of a reply with Trailer and Content-Length; here it goes through without the Trailer', async () => {
    const { gateway } = await startOpen(always(200, ['Trailer: X'], 'body'));
    for (const fields of [[], ['TE: trailers']]) {
      const answer = await rawRequest(gateway.port, get('/', fields));
      expect([statusOf(answer), fieldsOf(answer, 'trailer'), answer.slice(-4)]).toEqual([200, [], 'body']);
    }
  });

  test('ends a reply that was reset in the middle as a valid one, with an error text; here it has no end', async () => {
    const { gateway } = await startOpen((_request, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n', () =>
        socket.resetAndDestroy(),
      );
    });
    expect(await rawRequest(gateway.port, get('/'))).toMatch(/^HTTP\/1\.1 200 .*\r\n\r\n(?:4\r\nhalf\r\n)?$/s);
  });

  test('answers 504 to refused, unresolvable and reset alike; here each has its status', async () => {
    const dies: Script = (_request, socket) => void socket.resetAndDestroy();
    const [reset, silent] = [await startScriptedUpstream(dies), await startSilentAddress()];
    const gateway = await startGateway(`
services:
  refused: { instances: ["http://127.0.0.1:${await refusingPort()}"] }
  unresolvable: { instances: ["http://nowhere.invalid:80"] }
  reset: { instances: ["${reset.url}"] }
  silent: { instances: ["${silent.url}"], timeouts: { connect: 50ms } }
routes:
${['refused', 'unresolvable', 'reset', 'silent'].map((id) => `  - { id: ${id}, match: { path: /${id} }, to: { service: ${id} }, access: public }`).join('\n')}
`);
    const outcomes = new Map<string, unknown>();
    for (const id of ['refused', 'unresolvable', 'reset', 'silent']) {
      const answer = await rawRequest(gateway.port, get(`/${id}`));
      outcomes.set(id, [statusOf(answer), codeOf(answer), ...fieldsOf(answer, 'retry-after')]);
    }
    expect(Object.fromEntries(outcomes)).toEqual({
      refused: [503, 'GW_SERVICE_UNAVAILABLE', '1'],
      unresolvable: [503, 'GW_SERVICE_UNAVAILABLE', '1'],
      reset: [502, 'GW_UPSTREAM_FAILED'],
      silent: [504, 'GW_UPSTREAM_TIMEOUT'],
    });
  });

  test('has no time-outs; here a mute instance is 504 and a reply that stops is cut', async () => {
    const { gateway } = await startOpen(
      (seen, socket) => {
        if (seen.target === '/stops') socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf');
      },
      '',
      ', timeouts: { firstByte: 50ms, total: 150ms }',
    );
    expect(statusOf(await rawRequest(gateway.port, get('/mute')))).toBe(504);
    expect(await rawRequest(gateway.port, get('/stops'))).toMatch(/\r\n\r\nhalf$/);
  });

  test('lets upgrades skip the middleware; here a WebSocket passes every guard first', async () => {
    const upstream = await startScriptedUpstream(always(200));
    const gateway = await startGateway(`
limits: { target: 1kB }
services: { things: { instances: ["${upstream.url}"] } }
routes: [{ id: things, match: { path: "/chat/*" }, to: { service: things }, access: authenticated }]
`);
    const handshake = (target: string, fields = ''): string =>
      `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${fields}\r\n`;
    const ask = async (target: string, fields?: string) =>
      statusOf(await rawRequest(gateway.port, handshake(target, fields)));
    expect(await ask('/chat/1')).toBe(401);
    expect(await ask('/chat/1', 'Authorization: Bearer x\r\n')).toBe(401);
    expect(await ask('/chat/1', 'Authorization: a\r\nAuthorization: b\r\n')).toBe(400);
    expect(await ask('/chat/1', 'Host: b\r\n')).toBe(400);
    expect(await ask('/chat/%2e%2e%2f')).toBe(400);
    expect(await ask('/elsewhere')).toBe(404);
    expect(await ask(`/chat/${'a'.repeat(1100)}`)).toBe(414);
    expect(upstream.requests).toEqual([]);
  });

  test('lets hop-by-hop fields through; here they end, both ways, with those that Connection names', async () => {
    const hop = [
      'Keep-Alive: x',
      'Proxy-Connection: x',
      'Proxy-Authenticate: x',
      'Upgrade: h2c',
      'Connection: X-Hop',
      'X-Hop: 1',
    ];
    const { gateway, upstream } = await startOpen(always(200, hop, 'body'));
    const answer = await rawRequest(gateway.port, get('/', [...hop, 'Proxy-Authorization: x', 'TE: gzip']));
    const own = /^(connection: close|keep-alive: timeout=\d+)$/i;
    const lines = (head: string): string[] => head.split('\r\n').filter((line) => !own.test(line));
    const names = /^(keep-alive|proxy-|upgrade|x-hop|te)\b/i;
    expect(lines(answer.split('\r\n\r\n')[0]!).filter((line) => names.test(line))).toEqual([]);
    expect(lines(upstream.requests[0]!.head).filter((line) => names.test(line))).toEqual([]);
  });
});

describe('express-rate-limit', () => {
  test('counts what its store can take in; here a limit holds in one process without any store', async () => {
    const upstream = await startScriptedUpstream(always(200));
    const clock = createHandClock();
    const gateway = await startGateway(
      `
limits: { address: { limit: 2, per: 1m } }
services: { things: { instances: ["${upstream.url}"] } }
routes: [{ id: things, match: { path: /* }, to: { service: things }, access: public }]
`,
      { clock },
    );
    const answers = repliesOf(
      await rawRequest(gateway.port, `${'GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(3)}${get('/')}`),
    );
    expect(answers.map(statusOf)).toEqual([200, 200, 429, 429]);
  });

  test('believes X-Forwarded-For; here nobody changes his own address', async () => {
    const { gateway } = await startOpen(always(200), 'limits: { address: { limit: 1, per: 1m } }');
    const statuses: number[] = [];
    for (const address of ['192.0.2.1', '192.0.2.2'])
      statuses.push(
        statusOf(
          await rawRequest(gateway.port, get('/', [`X-Forwarded-For: ${address}`, `Forwarded: for=${address}`])),
        ),
      );
    expect(statuses).toEqual([200, 429]);
  });
});
