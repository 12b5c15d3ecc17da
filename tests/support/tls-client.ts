import { once } from 'node:events';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { pemOf } from './certificates.ts';

const open = new Set<TLSSocket>();

afterEach(() => {
  for (const socket of open) socket.destroy();
  open.clear();
});

/** Connects by TLS to a port of 127.0.0.1, trusting the authority of the tests. Rejects when the handshake fails. */
export async function connectTls(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', ca: pemOf('authority.pem'), servername: 'localhost', ...options });
  open.add(socket);
  await once(socket, 'secureConnect');
  // A reset is an end like any other here: what arrived before it is what counts.
  socket.on('error', () => {});
  return socket;
}

/** Sends bytes and resolves to all that comes back until the connection closes. Rejects when the handshake fails. */
export async function tlsRequest(port: number, bytes: string, options: ConnectionOptions = {}): Promise<string> {
  const socket = await connectTls(port, options);
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  socket.write(bytes, 'latin1');
  if (!socket.closed) await once(socket, 'close');
  return received;
}

/** The bytes of a GET after whose reply the connection closes. */
export const get = (path: string, ...lines: string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: api.example.com', 'Connection: close', ...lines, '\r\n'].join('\r\n');
