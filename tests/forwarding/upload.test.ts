import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { Upload } from '../../src/forwarding/upload.ts';
import { connectRaw, type RawConnection } from '../support/raw-client.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A real request whose header has arrived, and what has come with it. */
async function receive(bytes: string) {
  server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const caller: RawConnection = await connectRaw((server.address() as { port: number }).port);
  caller.write(bytes);
  const [request, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  return { caller, request, response };
}

const put = (fields: string, body = '') => `PUT / HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\n${body}`;
const chunked = { length: undefined, chunked: true };
const declared = (length: number) => ({ length, chunked: false });

/** Reads what is opened to its end, whatever it is. */
const read = async (upload: Upload): Promise<string> => {
  const body = upload.open();
  return Buffer.isBuffer(body) ? body.toString('latin1') : text(body);
};

/** Lets a server go on until so many bytes have come for the request. */
const arrived = async (request: IncomingMessage, bytes: number): Promise<void> => {
  while (request.readableLength < bytes) await new Promise(setImmediate);
};

describe('streamed', () => {
  test('nothing is read, and nothing promised, before somebody opens it', async () => {
    const { request, caller } = await receive(put('Content-Length: 5', 'he'));
    let began = 0;
    const onFirstRead = () => {
      began += 1;
    };
    const upload = new Upload(request, declared(5), { limit: 10, onFirstRead });
    const stream = upload.open() as Readable;
    await new Promise(setImmediate);
    expect([began, upload.received]).toEqual([0, 0]);
    caller.write('llo');
    expect(await text(stream)).toBe('hello');
    expect([began, upload.received, upload.complete]).toEqual([1, 5, true]);
  });

  test('another stream can be opened while nothing has been read', async () => {
    const { request } = await receive(put('Transfer-Encoding: chunked', '5\r\nhello\r\n0\r\n\r\n'));
    const upload = new Upload(request, chunked, { limit: 10 });
    const first = (upload.open() as Readable).on('error', () => {});
    first.destroy(new Error('no connection'));
    expect(await read(upload)).toBe('hello');
    expect(request.destroyed || request.complete).toBe(true);
  });

  test('more bytes than allowed are an error, and the caller can still be told', async () => {
    const { caller, request, response } = await receive(put('Transfer-Encoding: chunked', 'b\r\n01234567890\r\n'));
    const upload = new Upload(request, chunked, { limit: 10 });
    await expect(read(upload)).rejects.toMatchObject({ code: 'GW_BODY_TOO_LARGE' });
    response.writeHead(413, { Connection: 'close' }).end('too large');
    expect(await caller.until('too large')).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('exactly as many bytes as allowed are fine', async () => {
    const { request } = await receive(put('Transfer-Encoding: chunked', 'a\r\n0123456789\r\n0\r\n\r\n'));
    expect(await read(new Upload(request, chunked, { limit: 10 }))).toBe('0123456789');
  });

  test('a body that the caller breaks off is an error, never a shorter body', async () => {
    const { caller, request } = await receive(put('Content-Length: 10', 'half'));
    const reading = read(new Upload(request, declared(10), { limit: 10 }));
    caller.socket.destroy();
    await expect(reading).rejects.toThrow('broke off');
  });
});

describe('arrived with its header', () => {
  test('the bytes are handed over without a stream, as often as one likes', async () => {
    const { request } = await receive(put('Content-Length: 5', 'hello'));
    const upload = new Upload(request, declared(5), { limit: 5 });
    expect(request.readableLength).toBe(5);
    expect(upload.open()).toEqual(Buffer.from('hello'));
    expect(upload.open()).toBe(upload.open());
    expect([upload.received, upload.length, upload.complete]).toEqual([5, 5, true]);
    expect(await upload.buffer(5)).toBe(upload.open());
  });

  test('the connection serves the next request', async () => {
    const { request, response, caller } = await receive(put('Content-Length: 5', 'hello'));
    new Upload(request, declared(5), { limit: 5 }).open();
    response.end('first');
    await caller.until('first');
    caller.write('GET /next HTTP/1.1\r\nHost: a\r\n\r\n');
    const [next] = (await once(server, 'request')) as [IncomingMessage];
    expect([next.url, request.readableEnded]).toEqual(['/next', true]);
  });

  test('a body without a declared length stays a stream: timing does not decide on the framing', async () => {
    const { request } = await receive(put('Transfer-Encoding: chunked', '5\r\nhello\r\n0\r\n\r\n'));
    await new Promise(setImmediate);
    const body = new Upload(request, chunked, { limit: 10 }).open();
    expect([request.complete, Buffer.isBuffer(body)]).toEqual([true, false]);
    expect(await text(body as Readable)).toBe('hello');
  });
});

describe('buffered', () => {
  test.each([
    ['at once, length declared', 'Content-Length: 5', ['hello'], declared(5)],
    ['piece by piece, length declared', 'Content-Length: 5', ['h', 'el', 'lo'], declared(5)],
    ['chunked', 'Transfer-Encoding: chunked', ['1\r\nh\r\n3\r\n', 'ell\r\n1\r\no', '\r\n0\r\n\r\n'], chunked],
  ])('%s: it is read once, and everybody gets the same bytes', async (_, fields, pieces, framing) => {
    const { request, caller } = await receive(put(fields));
    let began = 0;
    const onFirstRead = () => {
      began += 1;
    };
    const upload = new Upload(request, framing, { limit: 10, onFirstRead });
    const reading = [upload.buffer(5), upload.buffer(5)] as const;
    for (const piece of pieces) {
      caller.write(piece);
      await new Promise(setImmediate);
    }
    const bytes = await reading[0];
    expect(bytes.toString()).toBe('hello');
    expect(await reading[1]).toBe(bytes);
    expect(await upload.buffer(10)).toBe(bytes);
    expect([upload.open() === bytes, upload.open() === bytes]).toEqual([true, true]);
    expect([upload.present, upload.length, upload.received, upload.complete, began]).toEqual([true, 5, 5, true, 1]);
  });

  test('a declared length over the bound: refused, and not a byte is read or asked for', async () => {
    const { request } = await receive(put('Content-Length: 6', 'hello!'));
    let began = false;
    const onFirstRead = () => {
      began = true;
    };
    const upload = new Upload(request, declared(6), { limit: 10, onFirstRead });
    await expect(upload.buffer(5)).rejects.toMatchObject({ code: 'GW_BODY_TOO_LARGE' });
    expect([upload.received, request.readableLength, began]).toEqual([0, 6, false]);
  });

  test.each([
    [5, 10],
    [10, 5],
  ])('chunked: the smaller of the bounds %d and %d counts, and the caller can still be told', async (bound, limit) => {
    const { request, response, caller } = await receive(put('Transfer-Encoding: chunked', '3\r\nabc\r\n'));
    const upload = new Upload(request, chunked, { limit });
    const reading = upload.buffer(bound);
    caller.write('3\r\ndef\r\n');
    await expect(reading).rejects.toMatchObject({ code: 'GW_BODY_TOO_LARGE' });
    expect(request.isPaused()).toBe(true);
    response.writeHead(413, { Connection: 'close' }).end('too large');
    expect(await caller.until('too large')).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('buffered once, a smaller bound still counts', async () => {
    const { request } = await receive(put('Content-Length: 5', 'hello'));
    const upload = new Upload(request, declared(5), { limit: 10 });
    await upload.buffer(10);
    await expect(upload.buffer(4)).rejects.toMatchObject({ code: 'GW_BODY_TOO_LARGE' });
  });

  test('a caller who leaves stops it', async () => {
    const { request, caller } = await receive(put('Content-Length: 10', 'half'));
    const upload = new Upload(request, declared(10), { limit: 10 });
    const reading = upload.buffer(10);
    caller.socket.destroy();
    await expect(reading).rejects.toMatchObject({ code: 'GW_BAD_REQUEST', cause: { message: expect.any(String) } });
    expect(request.listenerCount('data')).toBe(0);
  });

  test('a caller who had left before it began stops it, too', async () => {
    const { request, caller } = await receive(put('Content-Length: 10', 'half'));
    const closed = new Promise((resolve) => request.once('close', resolve));
    caller.socket.destroy();
    await closed;
    const upload = new Upload(request, declared(10), { limit: 10 });
    await expect(upload.buffer(10)).rejects.toMatchObject({ code: 'GW_BAD_REQUEST' });
  });

  test('no body at all is no bytes', async () => {
    const { request } = await receive('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const upload = new Upload(request, { length: undefined, chunked: false }, { limit: 10 });
    expect(await upload.buffer(10)).toHaveLength(0);
    expect([upload.present, upload.received]).toEqual([false, 0]);
  });

  test('chunks without a byte are no body', async () => {
    const { request } = await receive(put('Transfer-Encoding: chunked', '0\r\n\r\n'));
    const upload = new Upload(request, chunked, { limit: 10 });
    expect(await upload.buffer(10)).toHaveLength(0);
    expect([upload.present, upload.length]).toEqual([false, 0]);
  });

  test('what has been streamed cannot be buffered any more', async () => {
    const { request } = await receive(put('Content-Length: 5', 'he'));
    const upload = new Upload(request, declared(5), { limit: 10 });
    (upload.open() as Readable).on('error', () => {}).read();
    await expect(upload.buffer(10)).rejects.toThrow('before it is streamed');
  });

  test('chunks of one byte take no more than a few times what they hold', async () => {
    const { request, caller } = await receive(put('Transfer-Encoding: chunked'));
    const upload = new Upload(request, chunked, { limit: 1_000_000 });
    const reading = upload.buffer(1_000_000);
    caller.write(`${'1\r\nx\r\n'.repeat(100_000)}0\r\n\r\n`);
    const bytes = await reading;
    expect(bytes).toHaveLength(100_000);
    expect(bytes.buffer.byteLength).toBeLessThanOrEqual(200_000);
  });

  test('whatever the pieces, the bytes are those that were sent', async () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((content) => Buffer.from(content));
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 8 }), async (pieces) => {
        const { request, caller } = await receive(put('Transfer-Encoding: chunked'));
        const reading = new Upload(request, chunked, { limit: 10_000 }).buffer(10_000);
        for (const piece of pieces) {
          caller.write(`${piece.length.toString(16)}\r\n`);
          caller.write(piece);
          caller.write('\r\n');
          await new Promise(setImmediate);
        }
        caller.write('0\r\n\r\n');
        expect(await reading).toEqual(Buffer.concat(pieces));
        server.closeAllConnections();
        server.close();
      }),
      { numRuns: 20 },
    );
  });
});

describe('replaced', () => {
  test('the new bytes are forwarded and read from then on, with their own length', async () => {
    const { request } = await receive(put('Content-Length: 5', 'hello'));
    const upload = new Upload(request, declared(5), { limit: 10 });
    await upload.buffer(10);
    const other = Buffer.from('something longer than the limit');
    upload.replace(other);
    expect(upload.open()).toBe(other);
    expect(await upload.buffer(100).catch(({ code }) => code)).toBe('GW_BODY_TOO_LARGE');
    expect([upload.present, upload.length, upload.received, upload.complete]).toEqual([true, 31, 5, true]);
  });

  test('by nothing: there is no body to forward', async () => {
    const { request } = await receive(put('Content-Length: 5', 'hello'));
    const upload = new Upload(request, declared(5), { limit: 10 });
    await upload.buffer(10);
    upload.replace(Buffer.alloc(0));
    expect([upload.present, upload.length]).toEqual([false, 0]);
  });

  test('where there was none: there is one now', async () => {
    const { request } = await receive('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const upload = new Upload(request, { length: undefined, chunked: false }, { limit: 10 });
    await upload.buffer(10);
    upload.replace(Buffer.from('x'));
    expect([upload.present, upload.length]).toEqual([true, 1]);
  });

  test('two readers who waited for the same bytes: none undoes what the other has put there', async () => {
    const { request, caller } = await receive(put('Content-Length: 5', 'he'));
    const upload = new Upload(request, declared(5), { limit: 10 });
    const first = upload.buffer(10).then(() => upload.replace(Buffer.from('new')));
    const second = upload.buffer(10);
    caller.write('llo');
    await Promise.all([first, second]);
    expect(upload.open().toString()).toBe('new');
  });

  test('not before it has been buffered: the rest of it would be taken for the next request', async () => {
    const { request } = await receive(put('Content-Length: 5', 'he'));
    await arrived(request, 2);
    const upload = new Upload(request, declared(5), { limit: 10 });
    expect(() => upload.replace(Buffer.from('new'))).toThrow('buffered before it is replaced');
  });
});

test.each([
  [{ length: undefined, chunked: false }, false, false],
  [declared(0), false, false],
  [declared(10), true, false],
  [declared(11), true, true],
  [chunked, true, false],
])('%j: present %s, too large %s', (framing, present, tooLarge) => {
  server = createServer();
  const upload = new Upload({} as IncomingMessage, framing, { limit: 10 });
  expect([upload.present, upload.isTooLarge]).toEqual([present, tooLarge]);
});
