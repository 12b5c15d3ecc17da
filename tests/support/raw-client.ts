import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A TCP connection on which a test writes and reads bytes as they are; latin1 on both sides. */
export interface RawConnection {
  readonly socket: Socket;
  /** Everything received so far. */
  readonly received: string;
  write(bytes: string | Buffer): void;
  /** Resolves to everything received, once it contains this. Rejects when the connection closes before. */
  until(part: string): Promise<string>;
  /** Resolves to everything received when the other side, or an error, has ended the connection. */
  readonly closed: Promise<string>;
}

const open = new Set<Socket>();

/** Destroys every connection that a test has opened. */
export function closeConnections(): void {
  for (const socket of open) socket.destroy();
  open.clear();
}

afterEach(closeConnections);

/** Connects to a port of 127.0.0.1. */
export async function connectRaw(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1');
  open.add(socket);
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    socket.emit('received');
  });
  // A reset is an end like any other here: what arrived before it is what counts.
  socket.on('error', () => {});
  const closed = new Promise<string>((resolve) =>
    socket.once('close', () => {
      open.delete(socket);
      resolve(received);
    }),
  );
  await once(socket, 'connect');
  return {
    socket,
    closed,
    get received() {
      return received;
    },
    write: (bytes) => void socket.write(bytes, 'latin1'),
    async until(part) {
      while (!received.includes(part)) {
        if (socket.destroyed) throw new Error(`closed before ${JSON.stringify(part)} came: ${received}`);
        await Promise.race([once(socket, 'received'), closed]);
      }
      return received;
    },
  };
}

/** Sends bytes as they are and resolves to all that comes back until the connection closes. */
export async function rawRequest(port: number, bytes: string | Buffer): Promise<string> {
  const connection = await connectRaw(port);
  connection.write(bytes);
  return connection.closed;
}

/** The status of a raw response; NaN when it is none. */
export const statusOf = (response: string): number => Number(/^HTTP\/1\.1 (\d{3}) /.exec(response)?.[1]);

/** The values of one field of a raw response, in order. */
export function fieldsOf(response: string, name: string): string[] {
  const [head = ''] = response.split('\r\n\r\n', 1);
  const lines = head.split('\r\n').slice(1);
  return lines
    .filter((line) => line.slice(0, line.indexOf(':')).toLowerCase() === name.toLowerCase())
    .map((line) => line.slice(line.indexOf(':') + 1).trim());
}
