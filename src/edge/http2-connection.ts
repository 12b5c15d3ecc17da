import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';

/** Milliseconds that a connection without requests is kept: as long as one of HTTP/1.1. */
const idleTimeout = 65_000;
/** Milliseconds that the other side has to end a connection that is over. */
const patience = 2000;

/**
 * Keeps a connection as long as it is of use: until nothing has been asked for a while, or the function that this
 * returns is called. It takes no more requests then (GOAWAY), and ends with the last one that is going on.
 * @param firstTimeout milliseconds until the first request
 */
export function keepWhileUsed(session: ServerHttp2Session, socket: TLSSocket, firstTimeout: number): () => void {
  let going = 0;
  let closing = false;
  let timer = setTimeout(close, firstTimeout);

  function close(): void {
    closing = true;
    session.close();
    if (going === 0) rest();
  }

  function rest(): void {
    clearTimeout(timer);
    if (socket.destroyed) return;
    timer = closing ? setTimeout(() => socket.destroy(), patience) : setTimeout(close, idleTimeout);
  }

  session.on('stream', (stream: ServerHttp2Stream) => {
    going += 1;
    clearTimeout(timer);
    stream.once('close', () => {
      going -= 1;
      if (going === 0) rest();
    });
  });
  socket.once('close', () => clearTimeout(timer));
  // Node listens no more once the session is over.
  socket.on('error', () => socket.destroy());
  return close;
}
