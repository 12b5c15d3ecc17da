import type { Duplex, Readable } from 'node:stream';

/** Milliseconds that a caller has to take its answer in. */
const patience = 2000;

/**
 * Ends a connection on which the caller is still sending. What it sends is read and dropped for a while: closing on
 * unread bytes would reset the connection, and the answer be lost on its way (RFC 9112 §9.6).
 * @param unread the rest of a request, when the connection is read through it
 */
export function linger(socket: Duplex, unread?: Readable): void {
  const timer = setTimeout(() => socket.destroy(), patience);
  socket.once('close', () => clearTimeout(timer));
  socket.end();
  if (unread === undefined) return;
  unread.once('end', () => socket.destroy());
  // Whoever has been reading it so far may still pause it when giving up.
  unread.on('pause', () => unread.resume());
  unread.resume();
}
