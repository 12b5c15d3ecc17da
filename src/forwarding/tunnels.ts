import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Agent } from 'node:https';
import type { Socket } from 'node:net';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { GatewayError } from '../errors/gateway-error.ts';
import type { HeaderList } from '../model/headers.ts';
import type { Principal } from '../model/principal.ts';
import type { Upgrade } from '../model/upgrade.ts';
import { faultOfAnswer } from './handshake.ts';
import { tie } from './tie.ts';

/** Where a tunnel leads, and what the instance is told. */
export interface TunnelTarget {
  readonly origin: string;
  /** What connects to an https origin; undefined for http. */
  readonly agent?: Agent | undefined;
  /** Path and query, as they go on the wire. */
  readonly path: string;
  readonly headers: HeaderList;
  /** Milliseconds until the instance must have answered. */
  readonly timeout: number;
  /** Milliseconds without a byte in either direction after which the tunnel is cut. */
  readonly idle: number;
  /** Whose token opens the tunnel; undefined where anybody may. */
  readonly principal: Principal | undefined;
  /** Makes the fields of a 101 as the caller gets them, without those that open the tunnel. */
  readonly answerHeaders: (headers: HeaderList) => HeaderList;
}

/** Opens WebSocket tunnels to instances. */
export interface Tunnels {
  /**
   * Resolves when the instance has answered: to undefined when the caller's connection belongs to the tunnel, else to the
   * answer of an instance that refused. Rejects while nothing has been written to the caller.
   */
  open(upgrade: Upgrade, target: TunnelTarget): Promise<IncomingMessage | undefined>;
  /** Cuts the tunnels whose token is revoked, also those that are being opened. */
  endRevoked(): void;
  /** Cuts every tunnel, also those that are being opened, and opens no more. */
  close(): void;
}

/** What tunnels are opened under. */
export interface TunnelOptions {
  /** Whether a token that was good when a tunnel was asked for has been taken back. */
  readonly isRevoked: (principal: Principal) => boolean;
  /** How many may stand or be on their way at the same time. */
  readonly limit: number;
}

interface Opening {
  readonly target: TunnelTarget;
  readonly resolve: (refusal: IncomingMessage | undefined) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Tunnels over http-proxy-middleware, of which only the upgrade is used: no request reaches it that has not passed the
 * guards, it hears of no answer that has not been looked at, and no error is answered by it.
 */
export function createTunnels({ isRevoked, limit }: TunnelOptions): Tunnels {
  const openings = new WeakMap<IncomingMessage, Opening>();
  const open = new Map<Socket, Principal | undefined>();
  let closed = false;
  const createProxy = (agent: Agent | undefined) =>
    createProxyMiddleware<IncomingMessage>({
      ...(agent && { agent }),
      router: (request) => openings.get(request)!.target.origin,
      // `router` decides; the option is only looked at when the middleware is made.
      target: 'http://127.0.0.1',
      ejectPlugins: true,
      on: {},
      plugins: [
        (server) => {
          server.on('proxyReqWs', (outgoing: ClientRequest, request: IncomingMessage, socket: Socket) =>
            watch(outgoing, socket, openings.get(request)!),
          );
          server.on('error', (error: Error, request: IncomingMessage | undefined) => {
            if (request !== undefined) openings.get(request)?.reject(error);
          });
        },
      ],
    });
  const plain = createProxy(undefined);
  // The agent is an option of the middleware, and each origin has its own.
  const secure = new WeakMap<Agent, typeof plain>();
  const proxyOf = (agent: Agent | undefined): typeof plain => {
    if (agent === undefined) return plain;
    const proxy = secure.get(agent) ?? createProxy(agent);
    secure.set(agent, proxy);
    return proxy;
  };
  return {
    async open(upgrade, target) {
      const { request, head } = upgrade;
      const socket = upgrade.socket as Socket;
      const { principal } = target;
      // An upgraded connection is no longer the server's to end: it would outlive the gateway, or its token, which may
      // have been revoked since it was looked at.
      if (closed || (principal !== undefined && isRevoked(principal))) socket.destroy();
      if (socket.destroyed) throw callerGone();
      if (open.size >= limit) throw new GatewayError('GW_TOO_MANY_TUNNELS', { headers: ['Retry-After', '1'] });
      open.set(socket, principal);
      return new Promise((resolve, fail) => {
        socket.once('close', () => {
          open.delete(socket);
          fail(callerGone());
        });
        // What comes of a caller's leaving is not the instance's failure.
        const reject = (error: Error): void => {
          if (!socket.destroyed) fail(error);
        };
        openings.set(request, { target, resolve, reject });
        request.url = target.path;
        request.headers = toObject(target.headers);
        proxyOf(target.agent).upgrade(request, socket, head);
      });
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

const callerGone = (): Error => new Error('the caller closed the connection');

type Relay = (answer: IncomingMessage, instance: Socket, head: Buffer) => void;

/** Waits for the answer in the proxy's place, which would hand on whatever comes, and end the caller's connection at an error. */
function watch(outgoing: ClientRequest, caller: Socket, { target, resolve, reject }: Opening): void {
  const timer = setTimeout(() => {
    reject(Object.assign(new Error(`no answer within ${target.timeout} ms`), { code: 'ETIMEDOUT' }));
    outgoing.destroy();
  }, target.timeout);
  // Who would send nothing any more wants no tunnel.
  const leave = (): unknown => caller.destroy();
  const giveUp = (): unknown => outgoing.destroy();
  caller.once('end', leave).once('close', giveUp);
  if (caller.destroyed) giveUp();
  const settle = (): void => {
    clearTimeout(timer);
    caller.off('end', leave).off('close', giveUp);
  };
  // The proxy adds its own listeners right after this, long before there can be an answer.
  queueMicrotask(() => {
    const relay = outgoing.listeners('upgrade')[0] as Relay;
    for (const event of ['upgrade', 'response', 'error']) outgoing.removeAllListeners(event);
    outgoing.on('error', reject);
    outgoing.once('close', settle);
    outgoing.once('response', (answer: IncomingMessage) => {
      settle();
      resolve(answer);
    });
    outgoing.once('upgrade', (answer: IncomingMessage, instance: Socket, head: Buffer) => {
      settle();
      const fault = faultOfAnswer(answer.rawHeaders, target.headers);
      if (fault !== undefined) {
        instance.destroy();
        return reject(
          Object.assign(new Error(`the answer to the handshake is none: ${fault}`), { code: invalidAnswer }),
        );
      }
      answer.headers = toObject(target.answerHeaders(answer.rawHeaders));
      // The proxy writes them as text, and they hold bytes (RFC 9110 §5.5).
      caller.setDefaultEncoding('latin1');
      tie(caller, instance, target.idle);
      relay(answer, instance, head);
      resolve(undefined);
    });
  });
}

/** The `code` of the error when an instance switched protocols, but not to what it was asked for. */
export const invalidAnswer = 'GARITA_INVALID_ANSWER';

/** Fields as Node wants them, with those that ask for, and grant, a WebSocket. */
function toObject(headers: HeaderList): IncomingHttpHeaders {
  const fields: Record<string, string | string[]> = { connection: 'Upgrade', upgrade: 'websocket' };
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]!.toLowerCase();
    fields[name] = Object.hasOwn(fields, name) ? [fields[name]!, headers[i + 1]!].flat() : headers[i + 1]!;
  }
  return fields;
}
