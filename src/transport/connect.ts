import net from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { buildConnector } from 'undici';
import { connectionOptions, type InstanceTls } from './instance-tls.ts';

/** The `code` of the error of a connection that did not stand in time. */
export const connectTimeoutCode = 'GARITA_CONNECT_TIMEOUT';

/**
 * Opens connections for undici with a time-out of our own: undici's may fire up to a second late.
 * @param timeout milliseconds until the connection, TLS included, must stand
 * @param tls for https
 */
export function createConnect(timeout: number, tls?: InstanceTls): buildConnector.connector {
  return ({ hostname, port, protocol }, callback) => {
    const secure = protocol === 'https:';
    const host = hostname.replace(/^\[|\]$/g, '');
    const address = { host, port: Number(port) || (secure ? 443 : 80), noDelay: true };
    const socket = secure ? connectTls({ ...address, ...connectionOptions(host, tls) }) : net.connect(address);
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error(`no connection within ${timeout} ms`), { code: connectTimeoutCode }));
    }, timeout);
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
