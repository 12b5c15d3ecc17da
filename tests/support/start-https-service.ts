import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { pairOf, pemOf } from './certificates.ts';

/** What a request showed of its connection. */
export interface SecureRequest {
  readonly host: string | undefined;
  /** The name that was asked for in the handshake; false for none. */
  readonly servername: string | false;
  /** The common name of the caller's certificate, if it showed a good one. */
  readonly caller: string | undefined;
  readonly socket: TLSSocket;
}

/** A service that speaks https only. */
export interface HttpsService {
  readonly port: number;
  readonly requests: readonly SecureRequest[];
}

const running = new Set<https.Server>();

afterEach(async () => {
  const closed = [...running].map((server) => once(server, 'close'));
  for (const server of running) {
    server.close();
    server.closeAllConnections();
  }
  await Promise.all(closed);
  running.clear();
});

/**
 * Starts a service that answers 200 to every request, and opens every WebSocket.
 * @param certificate by name; the service takes callers with certificates of the tests' authority
 * @param insists lets nobody in without such a certificate
 */
export async function startHttpsService(certificate: string, { insists = false } = {}): Promise<HttpsService> {
  const requests: SecureRequest[] = [];
  const note = ({ headers, socket }: IncomingMessage): void => {
    const connection = socket as TLSSocket & { readonly servername?: string | false };
    const { subject } = connection.getPeerCertificate();
    const caller = connection.authorized ? String(subject?.CN) : undefined;
    const { servername = false } = connection;
    requests.push({ host: headers.host, servername, caller, socket: connection });
  };
  const server = https.createServer(
    { ...pairOf(certificate), ca: pemOf('authority.pem'), requestCert: true, rejectUnauthorized: insists },
    (request, response) => {
      note(request);
      response.end('secure');
    },
  );
  server.on('upgrade', (request, socket) => {
    note(request);
    socket.on('error', () => {}).on('end', () => socket.end());
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  running.add(server);
  return { port: (server.address() as AddressInfo).port, requests };
}
