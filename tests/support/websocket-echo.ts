import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** A WebSocket server that sends short text frames back (RFC 6455), speaks the first subprotocol, and remembers how it was asked. */
export interface EchoServer {
  readonly origin: string;
  readonly requests: IncomingMessage[];
  readonly sockets: Duplex[];
  close(): Promise<void>;
}

/** @param accept false answers 403 instead of opening */
export async function startWebSocketEcho(accept: () => boolean = () => true): Promise<EchoServer> {
  const requests: IncomingMessage[] = [];
  const sockets: Duplex[] = [];
  const server: Server = createServer((_request, response) => void response.writeHead(426).end());
  server.on('upgrade', (request, socket) => {
    requests.push(request);
    sockets.push(socket);
    socket.on('error', () => {}).on('end', () => socket.end());
    if (!accept()) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno\n');
      return;
    }
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const answer = createHash('sha1').update(key).digest('base64');
    const [protocol] = request.headers['sec-websocket-protocol']?.split(', ') ?? [];
    const chosen = protocol === undefined ? '' : `Sec-WebSocket-Protocol: ${protocol}\r\n`;
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${answer}\r\n${chosen}\r\n`,
    );
    socket.on('data', (frame: Buffer) => {
      socket.write(echo(frame));
      if ((frame[0]! & 0x0f) === 8) socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sockets,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Unmasks one frame of less than 126 bytes and gives it back as a server does. Close frames too. */
function echo(frame: Buffer): Buffer {
  const length = frame[1]! & 0x7f;
  const mask = frame.subarray(2, 6);
  const payload = Buffer.from(frame.subarray(6, 6 + length).map((byte, index) => byte ^ mask[index % 4]!));
  return Buffer.concat([Buffer.from([frame[0]!, length]), payload]);
}
