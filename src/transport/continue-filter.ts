import type { Readable } from 'node:stream';

/** Bytes of one interim answer at the most; longer ones are left to the parser to refuse. */
const longest = 16_384;
const one = 0x31;

/**
 * Takes `100 Continue` out of what comes before an answer; everything else passes as it came. The connection is only
 * looked at from the start of a request to the first bytes of its final answer.
 */
export class ContinueFilter {
  #expecting = false;
  /** The beginning of what may be an interim answer. */
  #held: Buffer | undefined = undefined;

  /** Reads of this connection go through the filter from now on. */
  attach(connection: Readable): void {
    const { read } = connection;
    connection.read = (size) => {
      const chunk = read.call(connection, size) as Buffer | null;
      return this.#expecting && chunk !== null ? this.#sift(chunk) : chunk;
    };
  }

  /** A request begins: what comes next is an answer from its first byte. */
  expectAnswer(): void {
    this.#expecting = true;
    this.#held = undefined;
  }

  #sift(chunk: Buffer): Buffer | null {
    const bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = undefined;
    const kept: Buffer[] = [];
    let at = 0;
    while (at < bytes.length) {
      const status = statusAt(bytes, at);
      const end = status === 'final' ? -1 : bytes.indexOf('\r\n\r\n', at);
      if (end === -1) {
        this.#expecting = status !== 'final' && bytes.length - at <= longest;
        break;
      }
      if (status !== '100') kept.push(bytes.subarray(at, end + 4));
      at = end + 4;
    }
    const rest = bytes.subarray(at);
    if (this.#expecting) this.#held = rest;
    else if (kept.length === 0) return rest;
    else kept.push(rest);
    return kept.length === 0 ? null : Buffer.concat(kept);
  }
}

/** The status of an interim answer that begins here, `final` for anything else, `unknown` while it cannot be told. */
function statusAt(bytes: Buffer, at: number): string {
  // Nearly always: a whole status line that is no 1xx.
  if (bytes.length - at >= 12 && bytes[at + 9] !== one) return 'final';
  const start = bytes.toString('latin1', at, at + 12);
  if (start.length < 12) return 'HTTP/1.1 1'.startsWith(start.slice(0, 10)) ? 'unknown' : 'final';
  return /^HTTP\/1\.[01] (1\d\d)$/.exec(start)?.[1] ?? 'final';
}
