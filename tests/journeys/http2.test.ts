import { once } from 'node:events';
import { constants } from 'node:http2';
import type { Socket } from 'node:net';
import { fileOf, pairOf } from '../support/certificates.ts';
import { ask, connectHttp2, read } from '../support/http2-client.ts';
import { connectFrames, endHeaders, endStream, field, frames } from '../support/http2-frames.ts';
import { statusOf } from '../support/raw-client.ts';
import { always, type Script, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startGateway } from '../support/start-gateway.ts';
import { connectTls, get, tlsRequest } from '../support/tls-client.ts';

/** Answers when the request is whole. */
const answerWhole: Script = async (request, socket) => {
  await request.body;
  socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
};

async function start(script: Script, { tls = '', settings = '', route = '' } = {}) {
  const upstream = await startScriptedUpstream(script);
  const gateway = await startGateway(`
issuer: https://127.0.0.1:8080
listen:
  tls:
    certificate: ${fileOf('server.pem')}
    key: ${fileOf('server.key')}
    ${tls}
${settings}
services: { things: { instances: ["${upstream.url}"] } }
routes:
  - { id: closed, match: { path: "/closed/*" }, to: { service: things }, access: authenticated }
  - { id: things, match: { path: "/*" }, to: { service: things }, access: public${route} }`);
  return { upstream, gateway, port: gateway.port };
}

describe('a request over HTTP/2', () => {
  test('reaches the service as any other', async () => {
    const { upstream, port } = await start(
      always(200, ['X-Kind: a', 'X-Kind: b', 'Set-Cookie: a=1', 'Set-Cookie: b=2'], 'hello'),
    );
    const session = await connectHttp2(port);
    const stream = ask(session, {
      ':path': '/a%2Db/./c?x=%41',
      ':authority': 'API.example.com',
      cookie: ['a=1', 'b=2'],
      'x-twice': ['1', '2'],
      'x-latin': 'caf\u00e9',
    });
    const reply = await read(stream);
    expect(reply).toMatchObject({ headers: { ':status': 200 }, body: 'hello', code: 0 });
    expect(reply.headers['x-kind']).toBe('a, b');
    expect(reply.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(reply.headers['strict-transport-security']).toBe('max-age=31536000');
    expect(reply.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    const { method, target, header, headers } = await upstream.request(1);
    expect([method, target]).toEqual(['GET', '/a-b/c?x=%41']);
    expect(header('cookie')).toBe('a=1; b=2');
    expect(header('x-forwarded-proto')).toBe('https');
    expect(header('x-forwarded-host')).toBe('api.example.com');
    expect(header('x-forwarded-for')).toBe('127.0.0.1');
    expect(header('x-latin')).toBe('caf\u00e9');
    expect(headers.filter((name) => name.startsWith(':'))).toEqual([]);
    expect(headers.filter((name) => name === 'x-twice')).toHaveLength(2);
  });

  test('is refused when Host says something else, and taken when only Host says it', async () => {
    const { upstream, port } = await start(always(200));
    const session = await connectHttp2(port);
    const asked = async (fields: Record<string, string>) => (await read(ask(session, fields))).headers[':status'];
    expect(await asked({ ':path': '/', host: 'other.example.com' })).toBe(400);
    expect(await asked({ ':path': '/', host: 'Api.example.com' })).toBe(200);
    expect(await asked({ ':path': '/', ':scheme': 'ftp' })).toBe(400);
    expect(await asked({ ':path': '/%2F' })).toBe(400);
    expect(await asked({ ':path': '*', ':method': 'OPTIONS' })).toBe(400);
    expect(await asked({ ':path': '/', ':method': 'TRACE' })).toBe(501);
    expect(await asked({ ':path': '/', expect: 'more' })).toBe(417);
    expect(upstream.requests).toHaveLength(1);
  });

  test('cannot become a tunnel', async () => {
    const { port } = await start(always(200));
    const session = await connectHttp2(port);
    const reply = await read(session.request({ ':method': 'CONNECT', ':authority': 'a.example:443' }).end());
    expect(reply.headers[':status']).toBe(501);
    expect(session.remoteSettings.enableConnectProtocol).toBe(false);
  });

  test('has a body of the length that it has, or of none that was told', async () => {
    const { upstream, port } = await start(async (request, socket) => {
      const body = await request.body;
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
    const session = await connectHttp2(port);
    const big = 'x'.repeat(300_000);
    const told = ask(session, { ':path': '/', ':method': 'PUT', 'content-length': big.length }, big);
    expect((await read(told)).body).toBe(big);
    const untold = ask(session, { ':path': '/', ':method': 'PUT' }, big);
    expect((await read(untold)).body).toBe(big);
    const none = ask(session, { ':path': '/', ':method': 'PUT' }, '');
    expect((await read(none)).body).toBe('');
    const framing = upstream.requests.map(({ header }) => [header('content-length'), header('transfer-encoding')]);
    expect(framing).toEqual([
      ['300000', undefined],
      [undefined, 'chunked'],
      ['0', undefined],
    ]);
  });

  test('that waits for it is told to continue once somebody wants its body', async () => {
    const { port } = await start(async (request, socket) => {
      const body = await request.body;
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
    const session = await connectHttp2(port);
    const stream = ask(session, { ':path': '/', ':method': 'POST', expect: '100-continue' });
    stream.on('continue', () => stream.end('late'));
    expect((await read(stream)).body).toBe('late');
    const refused = ask(session, { ':path': '/closed/1', ':method': 'POST', expect: '100-continue' });
    const reply = await read(refused);
    expect([reply.headers[':status'], reply.interim, reply.code]).toEqual([401, [], 0]);
  });

  test('that is cancelled is cancelled upstream', async () => {
    const { upstream, gateway, port } = await start(() => {});
    const session = await connectHttp2(port);
    for (const code of [constants.NGHTTP2_CANCEL, constants.NGHTTP2_NO_ERROR]) {
      const stream = ask(session, { ':path': `/${code}` });
      await upstream.request(upstream.requests.length + 1);
      stream.close(code);
      await upstream.disconnected();
      expect(await gateway.logged({ path: `/${code}` })).toMatchObject({ status: 499 });
    }
    session.destroy();
  });

  test.each([constants.NGHTTP2_CANCEL, constants.NGHTTP2_NO_ERROR])(
    'whose body is cut with %i never seems whole',
    async (code) => {
      const { upstream, port } = await start(() => {});
      const connection = await connectFrames(port);
      connection.ask(1, [[':method', 'POST']]);
      connection.write(frames.data, 0, 1, 'half');
      const request = await upstream.request(1);
      let whole = false;
      void request.body.then(() => {
        whole = true;
      });
      connection.reset(1, code);
      await upstream.disconnected();
      expect([request.header('transfer-encoding'), whole]).toEqual(['chunked', false]);
    },
  );

  test('whose connection is lost is cancelled upstream', async () => {
    const { upstream, port } = await start(() => {});
    const session = await connectHttp2(port);
    ask(session, { ':path': '/', ':method': 'POST' }).write('half');
    ask(session, { ':path': '/' });
    await upstream.request(2);
    session.socket.destroy();
    await upstream.disconnected();
  });

  test('is refused in mid-body, and only it ends', async () => {
    const { upstream, port } = await start(answerWhole, { settings: 'limits: { body: 100kB }' });
    const session = await connectHttp2(port);
    const stream = ask(session, { ':path': '/', ':method': 'POST', 'content-length': 200_000 });
    stream.write('x'.repeat(1000));
    expect(await read(stream)).toMatchObject({ headers: { ':status': 413 }, code: 0 });
    const untold = ask(session, { ':path': '/', ':method': 'POST' });
    untold.write('x'.repeat(150_000));
    expect(await read(untold)).toMatchObject({ headers: { ':status': 413 }, code: 0 });
    const refused = ask(session, { ':path': '/closed/1', ':method': 'POST' });
    refused.write('x'.repeat(1000));
    expect(await read(refused)).toMatchObject({ headers: { ':status': 401 }, code: 0 });
    expect((await read(ask(session, { ':path': '/' }))).headers[':status']).toBe(200);
    expect(upstream.requests.at(-1)?.method).toBe('GET');
  });

  test('comes no faster than the service takes it', async () => {
    let slow: Socket | undefined;
    const stall: Script = (_request, socket) => {
      slow = socket.pause();
    };
    const { upstream, gateway, port } = await start(stall, { settings: 'limits: { body: 100MB }' });
    const session = await connectHttp2(port);
    const stream = ask(session, { ':path': '/', ':method': 'POST' });
    let sent = 0;
    let stuck: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      const more = (): void => {
        if (sent === 64_000_000) return resolve();
        sent += 64_000;
        clearTimeout(stuck);
        stuck = setTimeout(resolve, 300);
        stream.write(Buffer.alloc(64_000), more);
      };
      more();
    });
    clearTimeout(stuck);
    expect(sent).toBeLessThan(32_000_000);
    // The caller leaves while its body waits to be taken: that is noticed all the same.
    stream.close(constants.NGHTTP2_CANCEL);
    await gateway.logged({ status: 499 });
    slow?.resume();
    await upstream.disconnected();
  });

  test('has as long to arrive as over HTTP/1.1', async () => {
    const { upstream, port } = await start(() => {}, {
      settings: 'limits: { headerTimeout: 150ms, requestTimeout: 150ms }',
    });
    const session = await connectHttp2(port);
    const stream = ask(session, { ':path': '/', ':method': 'POST' });
    stream.write('half');
    expect(await read(stream)).toMatchObject({ headers: { ':status': 408 }, code: 0 });
    await upstream.disconnected();
    const form = ask(session, {
      ':path': '/oauth/token',
      ':method': 'POST',
      'content-type': 'application/x-www-form-urlencoded',
    });
    form.write('half');
    const cut = await read(form);
    expect([cut.headers[':status'], cut.code]).not.toContain(200);
  });
});

describe('a reply over HTTP/2', () => {
  test('has no fields of a connection, and no body where none belongs', async () => {
    const fields = [
      'Connection: keep-alive, X-Hop',
      'Keep-Alive: timeout=5',
      'X-Hop: 1',
      'Proxy-Connection: a',
      'HTTP2-Settings: a',
    ];
    const { port } = await start(({ target }, socket) => {
      const status = Number(target.slice(1)) || 200;
      const body = status === 200 && socket.writable ? 'hello' : '';
      const length = status === 204 || status === 304 ? [] : [`Content-Length: ${body.length}`];
      socket.write([`HTTP/1.1 ${status} Some Words`, ...fields, ...length, '', body].join('\r\n'));
    });
    const session = await connectHttp2(port);
    for (const status of [200, 204, 304]) {
      const reply = await read(ask(session, { ':path': `/${status}` }));
      expect(reply).toMatchObject({ headers: { ':status': status }, code: 0, body: status === 200 ? 'hello' : '' });
      for (const name of [
        'connection',
        'keep-alive',
        'x-hop',
        'proxy-connection',
        'http2-settings',
        'transfer-encoding',
      ])
        expect(reply.headers).not.toHaveProperty(name);
    }
  });

  test('to HEAD has the header alone, be it of a service, an error or the authorization server', async () => {
    const { port } = await start(
      (_request, socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'),
    );
    const session = await connectHttp2(port);
    const asked = async (path: string) => {
      const { headers, body, code } = await read(ask(session, { ':path': path, ':method': 'HEAD' }));
      return [headers[':status'], Number(headers['content-length']) > 0, body, code];
    };
    expect(await asked('/')).toEqual([200, true, '', 0]);
    expect(await asked('/closed/1')).toEqual([401, true, '', 0]);
    expect(await asked('/.well-known/jwks.json')).toEqual([200, true, '', 0]);
  });

  test('that is cut ends with an error, and the connection goes on', async () => {
    const { port } = await start(({ target }, socket) => {
      if (target === '/whole') return void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      const framing = target === '/length' ? 'Content-Length: 100' : 'Transfer-Encoding: chunked';
      socket.write(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n${target === '/length' ? 'half' : '4\r\nhalf\r\n'}`);
      setTimeout(() => socket.destroy(), 20);
    });
    const session = await connectHttp2(port);
    for (const path of ['/length', '/chunked']) {
      const stream = ask(session, { ':path': path });
      let ended = false;
      stream.on('end', () => {
        ended = !stream.errored && stream.rstCode === 0;
      });
      expect(await read(stream)).toMatchObject({ body: 'half', code: constants.NGHTTP2_INTERNAL_ERROR });
      expect(ended).toBe(false);
    }
    expect(await read(ask(session, { ':path': '/whole' }))).toMatchObject({ body: 'ok', code: 0 });
  });

  test('brings interim replies and trailers along', async () => {
    const { port } = await start((_request, socket) => {
      socket.write(
        'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nLink: </b.css>; rel=preload\r\nConnection: x\r\n\r\n',
      );
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n');
      socket.write('5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-Sum: 2\r\nSet-Cookie: a=1\r\n\r\n');
    });
    const session = await connectHttp2(port);
    const reply = await read(ask(session, { ':path': '/', te: 'trailers' }));
    expect(reply).toMatchObject({ body: 'hello', code: 0, trailers: { 'x-sum': '1, 2' } });
    expect(reply.trailers).not.toHaveProperty('set-cookie');
    expect(reply.interim).toMatchObject([{ ':status': 103, link: '</a.css>; rel=preload, </b.css>; rel=preload' }]);
    const plain = await read(ask(session, { ':path': '/' }));
    expect(plain).toMatchObject({ body: 'hello', code: 0, trailers: undefined });
  });

  test('to a body that is refused is whole, with trailers or without', async () => {
    const { port } = await start((_request, socket) => {
      socket.write('HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n');
    });
    const session = await connectHttp2(port);
    for (const te of ['trailers', '']) {
      const stream = ask(session, { ':path': '/', ':method': 'POST', ...(te && { te }) });
      stream.write('never ending');
      const reply = await read(stream);
      expect(reply).toMatchObject({ headers: { ':status': 403 }, body: 'hello', code: 0 });
      expect(reply.trailers?.['x-sum']).toBe(te === '' ? undefined : '1');
    }
  });

  test('goes no faster than the caller reads', async () => {
    let blocked!: () => void;
    const full = new Promise<void>((resolve) => {
      blocked = resolve;
    });
    let sent = 0;
    const { port } = await start((_request, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 64000000\r\n\r\n');
      const chunk = Buffer.alloc(64_000);
      const more = (): void => {
        while (sent < 64_000_000) {
          sent += chunk.length;
          if (socket.write(chunk)) continue;
          const stuck = setTimeout(blocked, 300);
          socket.once('drain', () => {
            clearTimeout(stuck);
            more();
          });
          return;
        }
        blocked();
      };
      more();
    });
    const session = await connectHttp2(port);
    const stream = ask(session, { ':path': '/' });
    await once(stream, 'response');
    await full;
    expect(sent).toBeLessThan(32_000_000);
    let received = 0;
    stream.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    await once(stream, 'end');
    expect(received).toBe(64_000_000);
  });
});

describe('the rest of the gateway over HTTP/2', () => {
  test('gives tokens, and checks them', async () => {
    const { upstream, port } = await start(always(200, [], 'secret'));
    const session = await connectHttp2(port);
    const form = 'grant_type=client_credentials';
    const authorization = `Basic ${Buffer.from('reader:demo-only-reader').toString('base64')}`;
    const given = await read(
      ask(
        session,
        {
          ':path': '/oauth/token',
          ':method': 'POST',
          authorization,
          'content-type': 'application/x-www-form-urlencoded',
        },
        form,
      ),
    );
    expect(given.headers[':status']).toBe(200);
    const { access_token: token } = JSON.parse(given.body);
    const bearer = { ':path': '/closed/1', authorization: `Bearer ${token}` };
    expect(await read(ask(session, bearer))).toMatchObject({ headers: { ':status': 200 }, body: 'secret' });
    expect(await read(ask(session, { ':path': '/closed/1' }))).toMatchObject({ headers: { ':status': 401 } });
    expect((await upstream.request(1)).header('x-client-id')).toBe('reader');
  });

  test('shows its pages', async () => {
    const { port } = await start(always(200), { settings: 'oauth: { users: { use: embedded } }' });
    const session = await connectHttp2(port);
    const page = await read(ask(session, { ':path': '/oauth/authorize?client_id=nobody' }));
    expect(page).toMatchObject({ headers: { ':status': 400 }, code: 0 });
    expect(page.headers['content-type']).toMatch(/html/);
    expect(page.body).toMatch(/<html/);
    const style = /href="([^"]+\.css)"/.exec(page.body)?.[1];
    expect((await read(ask(session, { ':path': style ?? '/none' }))).headers['content-type']).toMatch(/css/);
  });

  test('knows the certificate of the caller', async () => {
    const tls = `clientCertificates: { authorities: ${fileOf('authority.pem')}, required: false }`;
    const { upstream, port } = await start(always(200), { tls });
    const session = await connectHttp2(port, pairOf('orders'));
    await read(ask(session, { ':path': '/' }));
    expect((await upstream.request(1)).header('x-client-cert-subject')).toMatch(/CN=orders/);
  });

  test('leaves callers of HTTP/1.1, and those who do not say, what they had', async () => {
    const { port } = await start(always(200, [], 'hello'));
    expect(await tlsRequest(port, get('/'), { ALPNProtocols: ['http/1.1'] })).toMatch(/^HTTP\/1\.1 200 /);
    expect(await tlsRequest(port, get('/'))).toMatch(/^HTTP\/1\.1 200 /);
    expect(await tlsRequest(port, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')).toMatch(/^HTTP\/1\.1 505 /);
  });

  test('counts requests over both together', async () => {
    const { port } = await start(always(200), { settings: 'limits: { address: { limit: 3, per: 1h } }' });
    const session = await connectHttp2(port);
    expect(statusOf(await tlsRequest(port, get('/')))).toBe(200);
    const statuses: unknown[] = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await read(ask(session, { ':path': '/' }))).headers[':status']);
    expect(statuses).toEqual([200, 200, 429]);
  });

  test('http2: false leaves HTTP/1.1', async () => {
    const { port } = await start(always(200), { tls: 'http2: false' });
    expect((await connectTls(port, { ALPNProtocols: ['h2', 'http/1.1'] })).alpnProtocol).toBe('http/1.1');
    await expect(connectTls(port, { ALPNProtocols: ['h2'] })).rejects.toThrow(/no application protocol/);
  });
});

describe('a connection of HTTP/2', () => {
  test('may have a hundred requests at a time', async () => {
    const { upstream, port } = await start(always(200, [], 'hello'));
    const session = await connectHttp2(port);
    if (session.remoteSettings.maxConcurrentStreams !== 100) await once(session, 'remoteSettings');
    expect(session.remoteSettings.maxConcurrentStreams).toBe(100);
    const replies = await Promise.all(Array.from({ length: 150 }, (_, i) => read(ask(session, { ':path': `/${i}` }))));
    expect(new Set(replies.map(({ headers }) => headers[':status']))).toEqual(new Set([200]));
    expect(upstream.requests).toHaveLength(150);
  });

  test('answers a header that is too large, resets one that is huge, and goes on', async () => {
    const { upstream, gateway, port } = await start(always(200));
    const connection = await connectFrames(port);
    connection.ask(1, [['x-a', 'x'.repeat(10_000)]], endStream);
    connection.write(frames.continuation, endHeaders, 1, field('x-b', 'x'.repeat(10_000)));
    await connection.until(({ stream, flags }) => stream === 1 && (flags & endStream) !== 0);
    expect(await gateway.logged({ error: 'GW_HEAD_TOO_LARGE' })).toMatchObject({ status: 431 });
    connection.write(frames.settings, 1, 0);
    connection.ask(5, [], endStream);
    for (let i = 0; i < 7; i += 1)
      connection.write(frames.continuation, i === 6 ? endHeaders : 0, 5, field('x', 'x'.repeat(10_000)));
    const { payload } = await connection.until(({ type, stream }) => type === frames.reset && stream === 5);
    expect(payload.readUInt32BE()).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    connection.ask(7, [['x-a', 'x'.repeat(10_000)]], endHeaders | endStream);
    await connection.until(({ stream, flags }) => stream === 7 && (flags & endStream) !== 0);
    expect(upstream.requests).toHaveLength(1);
  });

  test('that cancels again and again is closed', async () => {
    const { port } = await start(() => {}, { settings: 'limits: { address: false }' });
    const session = await connectHttp2(port);
    const closed = new Promise((resolve) => session.once('close', resolve));
    let code: number | undefined;
    session.on('goaway', (given) => {
      code = given;
    });
    let asked = 0;
    while (!session.destroyed && !session.closed && asked < 3000) {
      for (let i = 0; i < 50 && !session.closed && !session.destroyed; i += 1) {
        ask(session, { ':path': '/' }).close(constants.NGHTTP2_CANCEL);
        asked += 1;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await closed;
    expect(asked).toBeLessThan(3000);
    expect(code).not.toBe(constants.NGHTTP2_NO_ERROR);
    expect(statusOf(await tlsRequest(port, get('/.well-known/jwks.json')))).toBe(200);
  });

  test('closes a stream whose rest nobody wants after the whole reply', async () => {
    const { port } = await start(always(403, [], 'no'));
    const connection = await connectFrames(port);
    connection.ask(1, [[':method', 'POST']]);
    connection.write(frames.data, 0, 1, 'begun');
    const { payload } = await connection.until(({ type }) => type === frames.reset);
    expect(payload.readUInt32BE()).toBe(constants.NGHTTP2_NO_ERROR);
    const types = connection.received.filter(({ stream }) => stream === 1).map(({ type }) => type);
    expect(types).toEqual([frames.headers, frames.data, frames.reset]);
    const whole = connection.received.find(({ type }) => type === frames.data);
    expect([whole?.payload.toString(), whole?.flags]).toEqual(['no', endStream]);
  });

  test('never ends a stream whose reply is cut', async () => {
    const { port } = await start((_request, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n');
      setTimeout(() => socket.destroy(), 20);
    });
    const connection = await connectFrames(port);
    connection.ask(1, [], endHeaders | endStream);
    const { payload } = await connection.until(({ type }) => type === frames.reset);
    expect(payload.readUInt32BE()).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    const ends = connection.received.filter(({ stream, flags }) => stream === 1 && (flags & endStream) !== 0);
    expect(ends).toEqual([]);
  });

  test.each([
    ['a field of a connection', [['connection', 'close']]],
    ['a coding of transfers', [['transfer-encoding', 'chunked']]],
    ['a name in upper case', [['X-Upper', '1']]],
    ['an authority with a user', [[':authority', 'user@a']]],
    [
      'two paths',
      [
        [':path', '/a'],
        [':path', '/b'],
      ],
    ],
  ] as const)('resets a request with %s', async (_fault, fields) => {
    const { upstream, port } = await start(always(200));
    const connection = await connectFrames(port);
    connection.ask(1, fields, endHeaders | endStream);
    await Promise.race([
      connection.until(({ type, stream }) => type === frames.reset && stream === 1),
      connection.closed,
    ]);
    expect(connection.received.filter(({ type }) => type === frames.headers)).toEqual([]);
    expect(upstream.requests).toHaveLength(0);
  });

  test('loses a field that no field may be', async () => {
    const { upstream, port } = await start(always(200));
    const connection = await connectFrames(port);
    connection.ask(
      1,
      [
        ['x-a', 'a\r\nx-b: 1'],
        ['x-c', 'c'],
      ],
      endHeaders | endStream,
    );
    const { header } = await upstream.request(1);
    expect([header('x-a'), header('x-b'), header('x-c')]).toEqual([undefined, undefined, 'c']);
  });

  test('whose request is longer than it said loses it', async () => {
    const { upstream, port } = await start(() => {});
    const connection = await connectFrames(port);
    connection.ask(1, [
      [':method', 'POST'],
      ['content-length', '3'],
    ]);
    connection.write(frames.data, endStream, 1, 'longer');
    await connection.until(({ type }) => type === frames.reset || type === frames.goaway);
    await upstream.disconnected();
    expect(upstream.requests.map(({ received }) => received.includes('longer'))).not.toContain(true);
  });

  test('without a request is closed after the time for a header', async () => {
    const { port } = await start(always(200), { settings: 'limits: { headerTimeout: 150ms }' });
    const session = await connectHttp2(port);
    await once(session, 'close');
  });

  test('does not hold up the end of the gateway, even when the other side is silent', async () => {
    const { gateway, port } = await start(always(200));
    const socket = await connectTls(port, { ALPNProtocols: ['h2'] });
    socket.pause();
    await gateway.close();
  });

  test('finishes what is going on when the gateway stops', async () => {
    const { upstream, gateway, port } = await start(() => {});
    const session = await connectHttp2(port);
    const idle = await connectHttp2(port);
    const stream = ask(session, { ':path': '/' });
    const reply = read(stream);
    await upstream.request(1);
    const goaway = once(session, 'goaway');
    const idleClosed = once(idle, 'close');
    const stopped = gateway.close();
    await Promise.all([goaway, idleClosed]);
    stream.close(constants.NGHTTP2_CANCEL);
    await Promise.all([reply, stopped, once(session, 'close').catch(() => {})]);
  });
});
