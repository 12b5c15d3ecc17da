import { once } from 'node:events';
import request from 'supertest';
import { connectRaw, fieldsOf, rawRequest, statusOf } from '../support/raw-client.ts';
import { always, refusingPort, reply, type Script, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { createHandClock, type Surroundings, startGateway } from '../support/start-gateway.ts';

const startOver = (instances: readonly string[], surroundings: Surroundings = {}, timeouts = '') =>
  startGateway(
    `
services:
  things:
    instances: ${JSON.stringify(instances)}
    ${timeouts}
routes: [{ id: things, match: { path: /* }, to: { service: things }, access: public }]
`,
    surroundings,
  );

const dies: Script = (_request, socket) => void socket.destroy();

test('an instance that refuses connections costs nobody an answer, of whatever method', async () => {
  const upstream = await startScriptedUpstream(
    async (seen, socket) => void socket.write(reply(200, [], await seen.body)),
  );
  const gateway = await startOver([`http://127.0.0.1:${await refusingPort()}`, upstream.url]);
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, i) =>
      request(gateway.url).post('/x').set('Content-Type', 'text/plain').send(`body ${i}`),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  expect(answers.map(({ text }) => text)).toEqual([0, 1, 2, 3, 4, 5].map((i) => `body ${i}`));
  expect(await gateway.logged({ message: 'instance cannot be reached' })).toMatchObject({
    level: 'warn',
    service: 'things',
  });
  expect(await gateway.logged({ attempts: 2 })).toMatchObject({ status: 200, instance: upstream.id });
});

test('all refuse: 503 with Retry-After, and recovery when the cool-down is over', async () => {
  const clock = createHandClock();
  const ports = [await refusingPort(), await refusingPort()];
  const gateway = await startOver(
    ports.map((port) => `http://127.0.0.1:${port}`),
    { clock },
  );
  for (let i = 0; i < 2; i += 1) {
    const answer = await request(gateway.url).get('/x');
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.body.code).toBe('GW_SERVICE_UNAVAILABLE');
  }
  await startScriptedUpstream(always(200), ports[0]);
  clock.advance(1000);
  expect((await request(gateway.url).get('/x')).status).toBe(200);
  expect(await gateway.logged({ message: 'instance can be reached again' })).toMatchObject({
    instance: `127.0.0.1:${ports[0]}`,
  });
});

test('a GET whose instance dies before its answer is sent once more, to another one', async () => {
  const dead = await startScriptedUpstream(dies);
  const alive = await startScriptedUpstream(always(200, [], 'here'));
  const gateway = await startOver([dead.url, alive.url]);
  for (const method of ['GET', 'HEAD', 'GET', 'HEAD'] as const) {
    const answer = await fetch(`${gateway.url}/x`, { method });
    expect([answer.status, await answer.text()]).toEqual([200, method === 'GET' ? 'here' : '']);
  }
  expect(dead.requests.length).toBeGreaterThan(0);
  expect(dead.requests.length + alive.requests.length).toBe(4 + dead.requests.length);
});

test('a GET is sent twice at the most', async () => {
  const upstreams = await Promise.all([1, 2, 3].map(() => startScriptedUpstream(dies)));
  const gateway = await startOver(upstreams.map(({ url }) => url));
  const answer = await request(gateway.url).get('/x');
  expect(answer.status).toBe(502);
  expect(answer.body.code).toBe('GW_UPSTREAM_FAILED');
  expect(upstreams.map(({ requests }) => requests.length).sort()).toEqual([0, 1, 1]);
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PURGE'])(
  'a %s that went out is never sent again',
  async (method) => {
    const upstreams = await Promise.all([1, 2].map(() => startScriptedUpstream(dies)));
    const gateway = await startOver(upstreams.map(({ url }) => url));
    const raw = await rawRequest(
      gateway.port,
      `${method} /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi`,
    );
    expect(statusOf(raw)).toBe(502);
    expect(upstreams[0]!.requests.length + upstreams[1]!.requests.length).toBe(1);
  },
);

test('a GET with a body is not sent again either: the body is gone', async () => {
  const upstreams = await Promise.all([1, 2].map(() => startScriptedUpstream(dies)));
  const gateway = await startOver(upstreams.map(({ url }) => url));
  const raw = await rawRequest(
    gateway.port,
    'GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi',
  );
  expect(statusOf(raw)).toBe(502);
  expect(upstreams[0]!.requests.length + upstreams[1]!.requests.length).toBe(1);
});

test('no answer in time: 504, sent once', async () => {
  const upstreams = await Promise.all([1, 2].map(() => startScriptedUpstream(() => {})));
  const gateway = await startOver(
    upstreams.map(({ url }) => url),
    {},
    'timeouts: { firstByte: 50ms }',
  );
  const answer = await request(gateway.url).get('/x');
  expect(answer.status).toBe(504);
  expect(answer.body.code).toBe('GW_UPSTREAM_TIMEOUT');
  expect(upstreams[0]!.requests.length + upstreams[1]!.requests.length).toBe(1);
});

test.each([
  'nonsense\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
])('an answer that is no HTTP: 502 (%#)', async (bytes) => {
  const upstream = await startScriptedUpstream((_request, socket) => void socket.write(bytes));
  const gateway = await startOver([upstream.url]);
  const answer = await request(gateway.url).get('/x');
  expect(answer.status).toBe(502);
  expect(answer.body.code).toBe('GW_UPSTREAM_INVALID');
  expect(await gateway.logged({ error: 'GW_UPSTREAM_INVALID' })).toMatchObject({ status: 502 });
});

test.each<[string, string]>([
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'],
  ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
])('a body of %s that breaks off is broken off to the caller too', async (_how, bytes) => {
  const upstream = await startScriptedUpstream((_request, socket) => void socket.end(bytes));
  const gateway = await startOver([upstream.url]);
  const raw = await rawRequest(gateway.port, 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(statusOf(raw)).toBe(200);
  expect(raw).toContain('half');
  expect(raw).not.toMatch(/0\r\n\r\n$/);
  expect(await gateway.logged({ complete: false })).toMatchObject({ status: 200, error: 'GW_UPSTREAM_FAILED' });
});

test('the total time cuts a reply that does not end, and the log says why', async () => {
  const upstream = await startScriptedUpstream(
    (_request, socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'),
  );
  const gateway = await startOver([upstream.url], {}, 'timeouts: { total: 1s }');
  const raw = await rawRequest(gateway.port, 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(raw).toMatch(/half$/);
  expect(await gateway.logged({ complete: false })).toMatchObject({ error: 'GW_UPSTREAM_TIMEOUT' });
  await upstream.disconnected();
});

test('a caller who leaves takes the request to the instance along, and nobody is blamed for it', async () => {
  const upstream = await startScriptedUpstream((seen, socket) => {
    if (seen.target === '/begun') socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
  });
  const gateway = await startOver([upstream.url], {}, 'timeouts: { firstByte: 900ms, total: 1s }');
  const waiting = await connectRaw(gateway.port);
  waiting.write('GET /mute HTTP/1.1\r\nHost: a\r\n\r\n');
  await upstream.request(1);
  waiting.socket.destroy();
  await upstream.disconnected();
  const early = await gateway.logged({ path: '/mute' });
  expect(early).toMatchObject({ status: 499, complete: false });
  expect(early).not.toHaveProperty('error');

  const reading = await connectRaw(gateway.port);
  reading.write('GET /begun HTTP/1.1\r\nHost: a\r\n\r\n');
  await reading.until('half');
  reading.socket.destroy();
  await upstream.disconnected();
  const late = await gateway.logged({ path: '/begun' });
  expect(late).toMatchObject({ status: 200, complete: false });
  expect(late).not.toHaveProperty('error');
  expect(gateway.log.filter(({ level }) => level === 'error')).toEqual([]);
});

test('a body that breaks off is a reset to HTTP/1.0, where the end of the connection would complete it', async () => {
  const upstream = await startScriptedUpstream((_request, socket) => {
    socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n');
  });
  const gateway = await startOver([upstream.url]);
  const caller = await connectRaw(gateway.port);
  const broken = once(caller.socket, 'error');
  caller.write('GET /x HTTP/1.0\r\nHost: a\r\n\r\n');
  expect((await broken)[0]).toMatchObject({ code: 'ECONNRESET' });
});

test('a gateway that leads to itself stops the loop', async () => {
  const port = await refusingPort();
  const gateway = await startGateway(`
listen: { public: "127.0.0.1:8080" }
services: { self: { instances: ["http://127.0.0.1:${port}"] } }
routes: [{ id: self, match: { path: /* }, to: { service: self }, access: public }]
`);
  // The gateway's own port is only known now: what listens on the configured one hands everything on to it.
  await startScriptedUpstream((seen, socket) => {
    const lines = Array.from(
      { length: seen.headers.length / 2 },
      (_, i) => `${seen.headers[2 * i]}: ${seen.headers[2 * i + 1]}`,
    );
    void rawRequest(
      gateway.port,
      `${seen.method} ${seen.target} HTTP/1.1\r\n${lines.filter((line) => !/^connection:/i.test(line)).join('\r\n')}\r\nConnection: close\r\n\r\n`,
    ).then((answer) => socket.end(answer, 'latin1'));
  }, port);
  const answer = await request(gateway.url).get('/x');
  expect(answer.status).toBe(508);
  expect(answer.body.code).toBe('GW_LOOP');
});

test('an answer without a body keeps its framing', async () => {
  const upstream = await startScriptedUpstream(
    (seen, socket) =>
      void socket.write(
        seen.target === '/204'
          ? 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n'
          : 'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n',
      ),
  );
  const gateway = await startOver([upstream.url]);
  const bytes = await rawRequest(
    gateway.port,
    'GET /204 HTTP/1.1\r\nHost: a\r\n\r\nGET /304 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  );
  const [first = '', second = ''] = bytes.split(/(?=HTTP\/1\.1 )/);
  expect([statusOf(first), statusOf(second)]).toEqual([204, 304]);
  expect([...fieldsOf(first, 'transfer-encoding'), ...fieldsOf(second, 'transfer-encoding')]).toEqual([]);
});
