import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../errors/gateway-error.ts';

/**
 * Reads a request's body to its end, in one piece that is no more than twice as large as what came. Rejects with what
 * `onBytes` throws, and with GW_BAD_REQUEST when the caller breaks off; the request is then paused and can be answered.
 */
export function readWhole(request: IncomingMessage, onBytes: (bytes: number) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let space: Buffer | undefined;
    let length = 0;
    const onData = (chunk: Buffer): void => {
      try {
        onBytes(chunk.length);
      } catch (error) {
        return finish(() => reject(error));
      }
      space = space === undefined ? chunk : append(space, length, chunk);
      length += chunk.length;
    };
    const onEnd = (): void => finish(() => resolve(space?.subarray(0, length) ?? Buffer.alloc(0)));
    const onClose = (): void => {
      const cause = new Error('the caller broke off the request body');
      finish(() => reject(new GatewayError('GW_BAD_REQUEST', { cause })));
    };
    const finish = (settle: () => void): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose).pause();
      settle();
    };
    if (request.destroyed) onClose();
    else request.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

/** Copies into one growing piece: a list of chunks of one byte each would take a hundred times what it holds. */
function append(space: Buffer, length: number, chunk: Buffer): Buffer {
  const needed = length + chunk.length;
  if (needed <= space.length) {
    chunk.copy(space, length);
    return space;
  }
  const larger = Buffer.allocUnsafeSlow(Math.max(needed, space.length * 2));
  space.copy(larger, 0, 0, length);
  chunk.copy(larger, length);
  return larger;
}
