import net from 'node:net';
import tls from 'node:tls';
import type { buildConnector } from 'undici';

/**
 * Opens connections for undici with a time-out of our own: undici's may fire up to a second late.
 * @param timeout milliseconds until the connection, TLS included, must stand
 */
export function createConnect(timeout: number): buildConnector.connector {
  return ({ hostname, port, protocol, servername }, callback) => {
    const secure = protocol === 'https:';
    const host = hostname.replace(/^\[|\]$/g, '');
    const address = { host, port: Number(port) || (secure ? 443 : 80), noDelay: true };
    const socket = secure
      ? tls.connect({
          ...address,
          servername: servername ?? (net.isIP(host) === 0 ? host : ''),
          ALPNProtocols: ['http/1.1'],
        })
      : net.connect(address);
    const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${timeout} ms`)), timeout);
    const settle = (error: Error | null): void => {
      clearTimeout(timer);
      socket.off('error', settle);
      socket.off(ready, onReady);
      if (error) callback(error, null);
      else callback(null, socket);
    };
    const onReady = (): void => settle(null);
    const ready = secure ? 'secureConnect' : 'connect';
    socket.once('error', settle);
    socket.on('error', renameReset);
    socket.once(ready, onReady);
    return socket;
  };
}

// undici takes ECONNRESET for the end of a reply that has neither length nor chunks: half of it would pass for all.
function renameReset(error: NodeJS.ErrnoException): void {
  if (error.code === 'ECONNRESET') error.code = 'GARITA_RESET';
}
