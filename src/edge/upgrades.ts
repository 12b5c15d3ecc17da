import { type IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { attachUpgrade } from '../model/upgrade.ts';

/**
 * Whether a request asks for a WebSocket that it can get. Other upgrades are ignored, and the request answered as it is;
 * so is one that came while an earlier request of its connection still waits for its answer.
 */
export const isWebSocket = ({ method, headers, socket }: IncomingMessage): boolean =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && pendingOn(socket) === undefined;

/** The response that has the connection at the moment. */
const pendingOn = (socket: Duplex): ServerResponse | undefined =>
  (socket as { _httpMessage?: ServerResponse | null })._httpMessage ?? undefined;

/**
 * Sends upgrades, and CONNECT with them, through the same app as every other request: on a response of their own,
 * which answers on the bare connection unless a tunnel takes it over. No check can be forgotten for them.
 */
export function acceptUpgrades(server: Server, app: RequestListener): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    attachUpgrade({ request, socket, head });
    answerOn(socket, request, app);
  });
  // Left alone, Node would end the connection without a word.
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    // Express finds its way by paths, and an authority has none.
    request.url = '/';
    socket.on('error', () => socket.destroy());
    socket.resume();
    inTurn(socket, () => answerOn(socket, request, app));
  });
}

/** Waits for the responses to what came before on the connection. */
function inTurn(socket: Duplex, answer: () => void): void {
  const pending = pendingOn(socket);
  if (pending !== undefined) pending.once('finish', () => inTurn(socket, answer));
  else answer();
}

/** Runs the app for a request whose connection Node has let go of. One that is being closed takes no more requests. */
function answerOn(socket: Duplex, request: IncomingMessage, app: RequestListener): void {
  socket.on('error', () => socket.destroy());
  if (!socket.writable) return;
  const response = new ServerResponse(request) as ServerResponse & { req: IncomingMessage };
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Parameters<typeof response.assignSocket>[0]);
  response.on('finish', () => socket.end());
  // Nobody reads what the caller sent after its handshake unless a tunnel does: without this its end would go unseen.
  socket.on('finish', () => socket.destroy());
  app(request, response);
}
