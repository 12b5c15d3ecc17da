import { randomBytes } from 'node:crypto';

const form = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Makes the `traceparent` of requests on their way to an instance (W3C Trace Context §3). */
export interface TraceContext {
  /**
   * The caller's trace goes on under a new parent id. Without a valid one a new trace begins, not sampled, because the
   * gateway records no spans itself.
   * @param fresh a random UUID: the id of a trace that begins here
   */
  continue(received: string | undefined, fresh: string): string;
}

/** Parent ids are random by process and counted within it: unique without a draw for each request. */
export function createTraceContext(): TraceContext {
  const process = randomBytes(4).toString('hex');
  let count = randomBytes(4).readUInt32BE();
  return {
    continue(received, fresh) {
      count = (count + 1) >>> 0;
      const parent = process + count.toString(16).padStart(8, '0');
      if (received !== undefined && form.test(received))
        return `${received.slice(0, 36)}${parent}${received.slice(52)}`;
      return `00-${fresh.replaceAll('-', '')}-${parent}-00`;
    },
  };
}
