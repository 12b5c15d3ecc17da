import type { BodySource } from '../../model/body-source.ts';

/**
 * Reads a body to its end. Resolves to undefined as soon as it is larger than `limit` bytes, and lets go of the rest.
 * Rejects when it is cut.
 */
export function readWhole(source: BodySource, limit: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    source.start({
      data(chunk) {
        if (length > limit) return;
        length += chunk.length;
        if (length <= limit) return void chunks.push(chunk);
        source.cancel();
        resolve(undefined);
      },
      end: () => resolve(Buffer.concat(chunks)),
      error: reject,
    });
  });
}
