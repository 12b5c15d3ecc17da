import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { upgradeOf } from '../model/upgrade.ts';

/** Milliseconds between looking whether a caller who has ended its side is still there. */
const interval = 100;
/** Times in a row that nothing of the reply came, after which one who cannot be asked counts as gone. */
const patience = 5;
const nothing = Buffer.alloc(0);

/**
 * A caller may end its side after the request and still wait for the reply (RFC 9112 §9.6): it gets it. On the wire that
 * looks like one who has left, and what is done for it should stop soon. An interim reply tells them apart, because a
 * closed connection answers it with a reset. Where none can be sent any more, the reply has to go on without a pause.
 */
export function keepHalfOpen(server: Server): void {
  // Not in the types: Node ends its own side as well otherwise, and with it the reply.
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  const watch = (socket: Socket): void => void socket.once('end', () => onEnd(socket));
  server.on('connection', watch).on('secureConnection', watch);
}

function onEnd(socket: Socket): void {
  const { _httpMessage: response } = socket as { _httpMessage?: ServerResponse<IncomingMessage> | null };
  if (!response || upgradeOf(response.req) !== undefined || !socket.writable) return;
  // The end of TLS is the end of both sides to most who speak it.
  if ((socket as Partial<TLSSocket>).encrypted) return void socket.destroy();
  const canAsk = !response.headersSent && response.req.httpVersionMinor > 0;
  if (canAsk) response.writeContinue();
  let written = socket.bytesWritten;
  let silent = 0;
  const timer = setInterval(() => {
    // Nobody reads any more from a side that has ended, so a reset is only found by writing.
    if (canAsk) return void socket.write(nothing);
    silent = socket.bytesWritten === written && socket.writableLength === 0 ? silent + 1 : 0;
    written = socket.bytesWritten;
    if (silent === patience) socket.destroy();
  }, interval);
  socket.once('close', () => clearInterval(timer));
}
