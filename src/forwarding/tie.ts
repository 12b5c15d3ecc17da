import type { Socket } from 'node:net';

/** Milliseconds that what is on its way to one side may stand still when the other side has gone. */
const linger = 5_000;

/**
 * Neither side outlives the other: a peer that vanished, or that only said it would write no more, would otherwise leave
 * half a tunnel behind. What is on its way is still delivered, if it is taken.
 * @param idle milliseconds without a byte in either direction after which both sides are cut
 */
export function tie(caller: Socket, instance: Socket, idle: number): void {
  // All that goes either way is read from or written to this side.
  caller.setTimeout(idle, () => caller.destroy());
  const finish = (socket: Socket): void => {
    socket.setTimeout(Math.min(linger, idle), () => socket.destroy());
    socket.destroySoon();
  };
  for (const [one, other] of [
    [caller, instance],
    [instance, caller],
  ] as const) {
    one.once('close', () => finish(other));
    one.once('end', () => {
      finish(other);
      finish(one);
    });
    one.on('error', () => one.destroy());
  }
}
