import type { Server } from 'node:http';
import net from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { Address } from '../config/values.ts';
import type { Http2Connections } from './accept-http2.ts';

/** A server that accepts connections. */
export interface Listener {
  /** Accepts nothing new, lets what is going on finish for up to 30 s, and cuts the rest. */
  close(): Promise<void>;
}

/** Milliseconds that closing waits for what is going on. */
const patience = 30_000;
/** Connections that may wait at a door. */
const backlog = 4096;
/**
 * Sockets that accept for one server. Node accepts one connection for each socket and turn of its loop, and a turn is
 * long when hundreds of callers are served: with one door the last of 500 waited two seconds to be let in (ADR 17).
 */
const doors = 16;
/** Where several sockets of one process may share a port, and the kernel spreads connections over them. */
const canShare = process.platform === 'linux' || process.platform === 'freebsd';

/**
 * Makes sure that these addresses are free, each for one alone, and chooses ports where 0 leaves the choice: what depends
 * on a port can then be built before anybody comes in. Rejects with the error of `listen`, such as EADDRINUSE.
 */
export async function findPorts<Addresses extends readonly Address[]>(addresses: Addresses): Promise<Addresses> {
  const probes = addresses.map(() => net.createServer());
  try {
    const ports = await Promise.all(probes.map((probe, index) => listen(probe, addresses[index]!)));
    return addresses.map(({ host }, index) => ({ host, port: ports[index]! })) as unknown as Addresses;
  } finally {
    await Promise.all(probes.map(close));
  }
}

/**
 * Opens a server at an address of {@link findPorts}. Rejects with the error of `listen`; nothing is open then.
 * @param http2 its connections of HTTP/2, if it takes any
 */
export async function openListener(
  server: Server,
  { host, port }: Address,
  http2?: Http2Connections,
): Promise<Listener> {
  const open: net.Server[] = [server];
  try {
    await listen(server, { host, port, backlog, reusePort: canShare });
    for (let door = 1; canShare && door < doors; door += 1) {
      const another = createDoor(server);
      await listen(another, { host, port, backlog, reusePort: true });
      open.push(another);
    }
  } catch (error) {
    await Promise.all(open.map(close));
    throw error;
  }
  return { close: () => drain(server, open, http2) };
}

/**
 * Accepts as Node's HTTP server does, and hands over. Under TLS a connection is not left half open: one that its caller
 * ends during the handshake would stay until that times out.
 */
const createDoor = (server: Server): net.Server =>
  net.createServer({ allowHalfOpen: !(server instanceof TlsServer), noDelay: true }, (socket) =>
    server.emit('connection', socket),
  );

/** Resolves to the port that was bound. */
function listen(server: net.Server, options: net.ListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve((server.address() as net.AddressInfo).port);
    });
  });
}

const close = (server: net.Server): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));

async function drain(server: Server, open: readonly net.Server[], http2: Http2Connections | undefined): Promise<void> {
  const closed = open.map(close);
  http2?.close();
  server.closeIdleConnections();
  // Node ends only what is idle at this moment: a connection that is kept after its last answer would hold on for long.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => {
    server.closeAllConnections();
    http2?.destroy();
  }, patience);
  await Promise.all(closed);
  clearInterval(sweep);
  clearTimeout(cut);
}
