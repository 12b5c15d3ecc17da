import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Upload } from '../../src/forwarding/upload.ts';
import { connectRaw, type RawConnection } from '../support/raw-client.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A real request whose header has arrived. */
async function receive(bytes: string) {
  server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const caller: RawConnection = await connectRaw((server.address() as { port: number }).port);
  caller.write(bytes);
  const [request, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  return { caller, request, response };
}

const put = (fields: string, body = '') => `PUT / HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\n${body}`;

test('nothing is read, and nothing promised, before somebody opens it', async () => {
  const { request } = await receive(put('Content-Length: 5', 'hello'));
  let began = 0;
  const upload = new Upload(
    request,
    { length: 5, chunked: false },
    {
      limit: 10,
      onFirstRead: () => {
        began += 1;
      },
    },
  );
  const stream = upload.open();
  await new Promise(setImmediate);
  expect([began, upload.received]).toEqual([0, 0]);
  expect(await text(stream)).toBe('hello');
  expect([began, upload.received, upload.complete]).toEqual([1, 5, true]);
});

test('another stream can be opened while nothing has been read', async () => {
  const { request } = await receive(put('Transfer-Encoding: chunked', '5\r\nhello\r\n0\r\n\r\n'));
  const upload = new Upload(request, { length: undefined, chunked: true }, { limit: 10 });
  const first = upload.open().on('error', () => {});
  first.destroy(new Error('no connection'));
  expect(await text(upload.open())).toBe('hello');
  expect(request.destroyed || request.complete).toBe(true);
});

test('more bytes than allowed are an error, and the caller can still be told', async () => {
  const { caller, request, response } = await receive(put('Transfer-Encoding: chunked', 'b\r\n01234567890\r\n'));
  const upload = new Upload(request, { length: undefined, chunked: true }, { limit: 10 });
  await expect(text(upload.open())).rejects.toMatchObject({ code: 'GW_BODY_TOO_LARGE' });
  response.writeHead(413, { Connection: 'close' }).end('too large');
  expect(await caller.until('too large')).toMatch(/^HTTP\/1\.1 413 /);
});

test('exactly as many bytes as allowed are fine', async () => {
  const { request } = await receive(put('Content-Length: 10', '0123456789'));
  expect(await text(new Upload(request, { length: 10, chunked: false }, { limit: 10 }).open())).toBe('0123456789');
});

test('a body that the caller breaks off is an error, never a shorter body', async () => {
  const { caller, request } = await receive(put('Content-Length: 10', 'half'));
  const reading = text(new Upload(request, { length: 10, chunked: false }, { limit: 10 }).open());
  caller.socket.destroy();
  await expect(reading).rejects.toThrow('broke off');
});

test.each([
  [{ length: undefined, chunked: false }, false, false],
  [{ length: 0, chunked: false }, false, false],
  [{ length: 10, chunked: false }, true, false],
  [{ length: 11, chunked: false }, true, true],
  [{ length: undefined, chunked: true }, true, false],
])('%j: present %s, too large %s', (framing, present, tooLarge) => {
  server = createServer();
  const upload = new Upload({} as IncomingMessage, framing, { limit: 10 });
  expect([upload.present, upload.isTooLarge]).toEqual([present, tooLarge]);
});
