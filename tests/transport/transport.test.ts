import { Readable } from 'node:stream';
import type { BodySource } from '../../src/model/body-source.ts';
import { createTransport } from '../../src/transport/transport.ts';
import { always, refusingPort, reply, type Script, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startSilentAddress } from '../support/silent-address.ts';

const transports: ReturnType<typeof createTransport>[] = [];
afterEach(() => Promise.all(transports.splice(0).map((transport) => transport.close())));

function open(connectionsPerInstance = 8) {
  const transport = createTransport({ connectionsPerInstance });
  transports.push(transport);
  return transport;
}

const get = { method: 'GET', path: '/x?y', headers: ['Accept', 'a/b'], body: null };
const patient = { connect: 1000, firstByte: 1000 };

/** Reads a body to its end; rejects when it is cut. */
const readAll = (body: BodySource): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    body.start({
      data: (chunk) => {
        text += chunk;
      },
      end: () => resolve(text),
      error: reject,
    });
  });

const send = async (script: Script, request: object = {}, timeouts: object = {}) => {
  const upstream = await startScriptedUpstream(script);
  const call = open().send(upstream.url, { ...get, ...request } as typeof get, { ...patient, ...timeouts });
  return { upstream, call };
};

test('sends what it is given and nothing else but framing', async () => {
  const { upstream, call } = await send(always(200, ['X-A: 1', 'x-a: 2'], 'body'));
  const answer = await call.reply;
  expect(answer.status).toBe(200);
  expect(answer.headers).toEqual(['X-A', '1', 'x-a', '2', 'Content-Length', '4']);
  expect(await readAll(answer.body)).toBe('body');
  const [seen] = upstream.requests;
  expect([seen!.method, seen!.target]).toEqual(['GET', '/x?y']);
  expect(
    seen!.headers
      .filter((_, index) => index % 2 === 0)
      .map((name) => name.toLowerCase())
      .sort(),
  ).toEqual(['accept', 'connection', 'host']);
});

test.each(['DELETE', 'OPTIONS', 'GET', 'POST'])('a body of unknown length with %s is framed', async (method) => {
  const { upstream, call } = await send(
    async (seen, socket) => {
      await seen.body;
      socket.write(reply(200));
    },
    { method, body: Readable.from([Buffer.from('GET /smuggled HTTP/1.1\r\n\r\n')]) },
  );
  expect((await call.reply).status).toBe(200);
  expect(upstream.requests.map((seen) => seen.target)).toEqual(['/x?y']);
  expect(upstream.requests[0]!.header('transfer-encoding')).toBe('chunked');
});

test('nobody listens: unreachable', async () => {
  const call = open().send(`http://127.0.0.1:${await refusingPort()}`, get, patient);
  await expect(call.reply).rejects.toMatchObject({ failure: 'unreachable', cause: { code: 'ECONNREFUSED' } });
});

test('a connection that does not come about in time: unconnected', async () => {
  const { url } = await startSilentAddress();
  const call = open().send(url, get, { connect: 30, firstByte: 1000 });
  await expect(call.reply).rejects.toMatchObject({ failure: 'unconnected' });
});

test('no answer in time: timeout, and the connection is gone', async () => {
  const { upstream, call } = await send(() => {}, {}, { firstByte: 30 });
  await expect(call.reply).rejects.toMatchObject({ failure: 'timeout' });
  await upstream.disconnected();
});

test('the time to the first byte does not limit the body', async () => {
  let rest = (): void => {};
  const { call } = await send(
    (_request, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na');
      rest = () => void socket.write('b');
    },
    {},
    { firstByte: 30 },
  );
  const { body } = await call.reply;
  setTimeout(rest, 60);
  expect(await readAll(body)).toBe('ab');
});

test.each<[string, Script]>([
  ['closed', (_request, socket) => void socket.end()],
  ['reset', (_request, socket) => void socket.resetAndDestroy()],
  ['closed within the header', (_request, socket) => void socket.end('HTTP/1.1 200 OK\r\nX-')],
])('%s before an answer: broken', async (_how, script) => {
  const { call } = await send(script);
  await expect(call.reply).rejects.toMatchObject({ failure: 'broken' });
});

test.each([
  'SSH-2.0-OpenSSH_9.9\r\n',
  'HTTP/1.1 2x0 OK\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
  'HTTP/1.1 200 OK\r\nX Y: 1\r\n\r\n',
  'HTTP/1.1 200 OK\r\nX: a\x01b\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\na',
  `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`,
])('an answer that is not valid HTTP: invalid (%#)', async (bytes) => {
  const { call } = await send((_request, socket) => void socket.end(bytes, 'latin1'));
  await expect(call.reply).rejects.toMatchObject({ failure: 'invalid' });
});

test('a reset within a reply that only the end of the connection delimits: cut, not complete', async () => {
  const { call } = await send((_request, socket) => {
    socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf');
    setTimeout(() => socket.resetAndDestroy(), 10);
  });
  const { body } = await call.reply;
  await expect(readAll(body)).rejects.toMatchObject({ code: 'GARITA_RESET' });
});

test.each<[string, string]>([
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'],
  ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
  ['bad chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n'],
])('a body of %s that breaks off ends in an error', async (_how, bytes) => {
  const { call } = await send((_request, socket) => void socket.end(bytes));
  await expect(readAll((await call.reply).body)).rejects.toThrow();
});

test('what cannot be written as HTTP is not sent', async () => {
  const { upstream, call } = await send(always(200), { headers: ['X', 'a\nb'] });
  await expect(call.reply).rejects.toMatchObject({ failure: 'unsendable' });
  expect(upstream.requests).toHaveLength(0);
});

test('stopped before the answer: the reason is the cause, and the instance hears of it', async () => {
  const { upstream, call } = await send(() => {});
  await upstream.request(1);
  call.stop(new Error('enough'));
  await expect(call.reply).rejects.toMatchObject({ failure: 'stopped', cause: { message: 'enough' } });
  await upstream.disconnected();
});

test('stopped before it was sent: it never is', async () => {
  const upstream = await startScriptedUpstream(always(200));
  const call = open().send(upstream.url, get, patient);
  call.stop(new Error('enough'));
  await expect(call.reply).rejects.toMatchObject({ failure: 'stopped' });
});

test('a cancelled body frees the connection', async () => {
  const { upstream, call } = await send(
    (_request, socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na'),
  );
  (await call.reply).body.cancel();
  await upstream.disconnected();
});

test('connections are kept and used again', async () => {
  const upstream = await startScriptedUpstream(always(200, [], 'x'));
  const transport = open();
  for (let i = 0; i < 5; i += 1) await readAll((await transport.send(upstream.url, get, patient).reply).body);
  expect(upstream.requests).toHaveLength(5);
  // A request that follows at once may find the first connection still busy with its end.
  expect(upstream.connections).toBeLessThanOrEqual(2);
  transport.forget(upstream.url);
  await upstream.disconnected();
});

test('a connection with bytes left over is not used again', async () => {
  const upstream = await startScriptedUpstream(
    (_request, socket) =>
      void socket.write(`${reply(200, [], 'mine')}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged`),
  );
  const transport = open();
  expect(await readAll((await transport.send(upstream.url, get, patient).reply).body)).toBe('mine');
  await upstream.disconnected();
  expect(await readAll((await transport.send(upstream.url, get, patient).reply).body)).toBe('mine');
  expect(upstream.connections).toBe(2);
});

test('a reply that nobody reads yet stops its sender after some bytes', async () => {
  let sent = 0;
  const chunk = Buffer.alloc(64 * 1024);
  const total = 50_000_000;
  const { call } = await send((_request, socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`);
    const pump = (): void => {
      while (sent < total && !socket.destroyed) {
        const part = chunk.subarray(0, Math.min(chunk.length, total - sent));
        sent += part.length;
        if (!socket.write(part)) return void socket.once('drain', pump);
      }
    };
    pump();
  });
  const { body } = await call.reply;
  // What the kernel's buffers take is not known; that the sender stands still is.
  let before = -1;
  while (before !== sent) {
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  expect(sent).toBeLessThan(total / 2);
  let received = 0;
  await new Promise<void>((resolve, reject) => {
    body.start({
      data: (part) => {
        received += part.length;
      },
      end: () => resolve(),
      error: reject,
    });
  });
  expect(received).toBe(total);
});
