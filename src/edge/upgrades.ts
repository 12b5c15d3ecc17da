import { type IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { attachUpgrade } from '../model/upgrade.ts';

/**
 * Whether a request asks for a WebSocket that it can get. Other upgrades are ignored, and the request answered as it is;
 * so is one that came while an earlier request of its connection still waits for its answer.
 */
export const isWebSocket = ({ method, headers, socket }: IncomingMessage): boolean =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && !isAnswering(socket);

const isAnswering = (socket: Duplex): boolean => Boolean((socket as { _httpMessage?: unknown })._httpMessage);

/**
 * Sends upgrades through the same app as every other request: on a response of their own, which answers on the bare
 * connection unless a tunnel takes it over. No check can be forgotten for them.
 */
export function acceptUpgrades(server: Server, app: RequestListener): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(request) as ServerResponse & { req: IncomingMessage };
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Parameters<typeof response.assignSocket>[0]);
    response.on('finish', () => socket.end());
    // Nobody reads what the caller sent after its handshake unless a tunnel does: without this its end would go unseen.
    socket.on('finish', () => socket.destroy());
    attachUpgrade({ request, socket, head });
    app(request, response);
  });
}
