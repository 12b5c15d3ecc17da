import type { RequestBody } from '../../src/model/request-body.ts';

/** A body that has arrived already; none where nothing is given. */
export function makeBody(content?: string | Buffer): RequestBody {
  let bytes = Buffer.from(content ?? '');
  let length = content === undefined ? undefined : bytes.length;
  return {
    get present() {
      return (length ?? 0) > 0;
    },
    get length() {
      return length;
    },
    received: bytes.length,
    complete: true,
    open: () => bytes,
    buffer: async () => bytes,
    replace(replacement) {
      bytes = Buffer.from(replacement);
      length = bytes.length;
    },
  };
}
