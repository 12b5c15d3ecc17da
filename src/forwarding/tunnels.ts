import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { createProxyMiddleware } from 'http-proxy-middleware';
import type { HeaderList } from '../model/headers.ts';
import type { Principal } from '../model/principal.ts';
import type { Upgrade } from '../model/upgrade.ts';

/** Where a tunnel leads, and what the instance is told. */
export interface TunnelTarget {
  readonly origin: string;
  /** Path and query, as they go on the wire. */
  readonly path: string;
  readonly headers: HeaderList;
  /** Milliseconds until the instance must have answered. */
  readonly timeout: number;
  /** Whose token opens the tunnel; undefined where anybody may. */
  readonly principal: Principal | undefined;
}

/** Opens WebSocket tunnels to instances. */
export interface Tunnels {
  /**
   * Resolves when the instance has answered: the caller's connection then belongs to the tunnel, or carries the answer
   * of an instance that refused. Rejects while nothing has been written to the caller.
   */
  open(upgrade: Upgrade, target: TunnelTarget): Promise<void>;
  /** Cuts the tunnels whose token is revoked, also those that are being opened. */
  endRevoked(): void;
  /** Cuts every tunnel, also those that are being opened, and opens no more. */
  close(): void;
}

interface Opening {
  readonly target: TunnelTarget;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Tunnels over http-proxy-middleware, of which only the upgrade is used: no request reaches it that has not passed the
 * guards, and no error is answered by it.
 * @param isRevoked whether a token that was good when a tunnel was asked for has been taken back
 */
export function createTunnels(isRevoked: (principal: Principal) => boolean): Tunnels {
  const openings = new WeakMap<IncomingMessage, Opening>();
  const open = new Map<Socket, Principal | undefined>();
  let closed = false;
  const proxy = createProxyMiddleware<IncomingMessage>({
    router: (request) => openings.get(request)!.target.origin,
    // `router` decides; the option is only looked at when the middleware is made.
    target: 'http://127.0.0.1',
    ejectPlugins: true,
    on: {},
    plugins: [
      (server) => {
        server.on('proxyReqWs', (outgoing: ClientRequest, request: IncomingMessage, socket: Socket) => {
          const { resolve, reject, target } = openings.get(request)!;
          // Its own time-out would destroy the connection before there is an answer on it.
          const timer = setTimeout(() => {
            reject(Object.assign(new Error(`no answer within ${target.timeout} ms`), { code: 'ETIMEDOUT' }));
            outgoing.destroy();
          }, target.timeout);
          outgoing.once('error', () => clearTimeout(timer));
          outgoing.once('response', () => {
            clearTimeout(timer);
            resolve();
          });
          outgoing.once('upgrade', (_response: IncomingMessage, instance: Socket) => {
            clearTimeout(timer);
            tie(socket, instance);
            resolve();
          });
        });
        server.on('error', (error: Error, request: IncomingMessage | undefined) => {
          if (request !== undefined) openings.get(request)?.reject(error);
        });
      },
    ],
  });
  return {
    open(upgrade, target) {
      const { request, head } = upgrade;
      const socket = upgrade.socket as Socket;
      const { principal } = target;
      // An upgraded connection is no longer the server's to end: it would outlive the gateway, or its token, which may
      // have been revoked since it was looked at.
      if (closed || (principal !== undefined && isRevoked(principal))) socket.destroy();
      if (socket.destroyed) return Promise.reject(new Error('the connection has ended'));
      open.set(socket, principal);
      socket.once('close', () => open.delete(socket));
      // The proxy ends the connection right after it has told of an error: the answer is still to be written there.
      const { end } = socket;
      socket.end = () => socket;
      const release = (): void => {
        socket.end = end;
      };
      return new Promise<void>((resolve, reject) => {
        const opened = (): void => {
          release();
          resolve();
        };
        openings.set(request, { target, resolve: opened, reject });
        request.url = target.path;
        request.headers = toObject(target.headers);
        proxy.upgrade(request, socket, head);
      }).finally(release);
    },
    endRevoked() {
      for (const [socket, principal] of open) if (principal !== undefined && isRevoked(principal)) socket.destroy();
    },
    close() {
      closed = true;
      for (const socket of open.keys()) socket.destroy();
    },
  };
}

/**
 * Neither side outlives the other: a peer that vanished, or that only said it would write no more, would otherwise leave
 * half a tunnel behind. What is on its way is still delivered.
 */
function tie(caller: Socket, instance: Socket): void {
  for (const [one, other] of [
    [caller, instance],
    [instance, caller],
  ] as const) {
    one.once('close', () => other.destroySoon());
    one.once('end', () => {
      other.destroySoon();
      one.destroySoon();
    });
    one.on('error', () => one.destroy());
  }
}

function toObject(headers: HeaderList): IncomingHttpHeaders {
  const fields: Record<string, string> = { connection: 'Upgrade', upgrade: 'websocket' };
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]!.toLowerCase();
    fields[name] = Object.hasOwn(fields, name) ? `${fields[name]}, ${headers[i + 1]}` : headers[i + 1]!;
  }
  return fields;
}
