import { createCipheriv } from 'node:crypto';
import { crc32 } from 'node:zlib';

// Its length is a prime, so that no block of a buffer's size can be lost, doubled or moved without changing the sum.
const block = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(1_048_573));

/** Bytes that crossed, and their CRC-32: cheap beside the transfer, and different when a byte is. */
export interface Receipt {
  readonly bytes: number;
  readonly sum: number;
}

/** The same bytes in every run, in large pieces, up to this many in all; nothing is stored. */
export function* makeContent(bytes: number): Generator<Buffer, undefined> {
  for (let left = bytes; left > 0; left -= block.length) yield left < block.length ? block.subarray(0, left) : block;
}

/** What whoever receives all of these bytes must have seen. */
export function expectReceipt(bytes: number): Receipt {
  let sum = 0;
  for (const piece of makeContent(bytes)) sum = crc32(piece, sum);
  return { bytes, sum };
}

/** Where pieces are written to: a socket, a request or a reply. */
interface Taker {
  write(piece: Buffer): boolean;
  on(event: 'drain', listener: () => void): unknown;
}

/** Writes the content as fast as it is taken. */
export function sendContent(bytes: number, to: Taker, onSent?: () => void): void {
  const pieces = makeContent(bytes);
  const pump = (): void => {
    for (;;) {
      const { value: piece, done } = pieces.next();
      if (done) return onSent?.();
      if (!to.write(piece)) return;
    }
  };
  to.on('drain', pump);
  pump();
}
