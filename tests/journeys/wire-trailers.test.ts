import { connectRaw, fieldsOf, rawRequest, statusOf } from '../support/raw-client.ts';
import { reply, type Script } from '../support/scripted-upstream.ts';
import { get, startOpen } from '../support/start-open.ts';

const trailers = 'X-Sum: 42\r\nx-sum: 43\r\nSet-Cookie: a=b\r\nTrailer: X\r\nX-Request-Id: theirs\r\n';
const chunked =
  (fields = ''): Script =>
  (_request, socket) =>
    void socket.write(
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n${fields}\r\n4\r\nbody\r\n0\r\n${trailers}\r\n`,
    );

test.each(['trailers', 'gzip;q=0.5, Trailers'])('trailers reach a caller who takes them (TE: %s)', async (value) => {
  const { gateway, upstream } = await startOpen(chunked());
  const answer = await rawRequest(gateway.port, get('/', [`TE: ${value}`]));
  expect(fieldsOf(answer, 'trailer')).toEqual(['X-Sum']);
  expect(fieldsOf(answer, 'transfer-encoding')).toEqual(['chunked']);
  // What decides about the message itself comes too late there, and is left out.
  expect(answer).toMatch(/\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 42\r\nx-sum: 43\r\n\r\n$/);
  expect(upstream.requests[0]!.header('te')).toBe('trailers');
});

test.each<[string, string]>([
  ['one who does not take them', get('/')],
  ['HTTP/1.0', 'GET / HTTP/1.0\r\nHost: a\r\nTE: trailers\r\n\r\n'],
])('%s gets the reply without them, and without a promise of them', async (_who, request) => {
  const { gateway } = await startOpen(chunked());
  const answer = await rawRequest(gateway.port, request);
  expect(statusOf(answer)).toBe(200);
  expect(answer).toMatch(/\r\n\r\n(4\r\nbody\r\n0\r\n\r\n|body)$/);
  expect(answer).not.toMatch(/x-sum/i);
});

test.each<[string, string, Script]>([
  ['HEAD', 'HEAD', chunked()],
  ['a length', 'GET', (_request, socket) => void socket.write(reply(200, ['Trailer: X-Sum'], 'body'))],
  ['204', 'GET', (_request, socket) => void socket.write('HTTP/1.1 204 None\r\nTrailer: X-Sum\r\n\r\n')],
  ['304', 'GET', (_request, socket) => void socket.write('HTTP/1.1 304 Same\r\nTrailer: X-Sum\r\n\r\n')],
])('with %s there is neither a trailer nor the promise of one', async (_what, method, script) => {
  const { gateway } = await startOpen(script);
  const answer = await rawRequest(gateway.port, get('/', ['TE: trailers'], method));
  expect([200, 204, 304]).toContain(statusOf(answer));
  expect(answer).not.toMatch(/x-sum/i);
});

test('trailers come at the end of a stream as well', async () => {
  const { gateway } = await startOpen((_request, socket) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n');
    socket.once('finish it', () => socket.write('0\r\nX-Sum: 42\r\n\r\n'));
    finish = () => socket.emit('finish it');
  });
  let finish = (): void => {};
  const caller = await connectRaw(gateway.port);
  caller.write(get('/', ['TE: trailers']));
  await caller.until('body');
  finish();
  expect(await caller.closed).toMatch(/body\r\n0\r\nX-Sum: 42\r\n\r\n$/);
});

test('trailers of a request are read and dropped: they cannot bring in a field', async () => {
  const { gateway, upstream } = await startOpen(
    async (seen, socket) => void socket.write(reply(200, [], await seen.body)),
  );
  const answer = await rawRequest(
    gateway.port,
    'PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-User-Id\r\nConnection: close\r\n\r\n4\r\nbody\r\n0\r\nX-User-Id: admin\r\nHost: b\r\n\r\n',
  );
  expect(answer).toMatch(/^HTTP\/1\.1 200 .*body$/s);
  expect(upstream.requests[0]!.head).not.toMatch(/x-user-id|trailer/i);
});
