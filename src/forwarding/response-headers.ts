import type { Reply } from '../model/reply.ts';
import { hopByHop, nominatedFields } from './hop-by-hop.ts';
import { isLocation, mapLocation, type PathMapping } from './location.ts';

/** What only the gateway knows: the request id, and how callers reach it. */
const gatewaySays: ReadonlySet<string> = new Set(['x-request-id', 'strict-transport-security']);

/**
 * The header fields of an instance's answer as the caller gets them; the request id is the gateway's to say, and an
 * address that the instance gives of itself becomes one that leads through the gateway.
 */
export function buildResponseHeaders(
  { status, headers }: Pick<Reply, 'status' | 'headers'>,
  origin: string,
  paths: PathMapping | undefined,
): string[] {
  const nominated = nominatedFields(headers);
  const out: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]!.toLowerCase();
    if ((hopByHop.has(name) && name !== 'trailer') || gatewaySays.has(name) || nominated?.has(name)) continue;
    // There is no body to come, and a reader who waits for one takes the next reply for it (RFC 9110 §8.6).
    if (name === 'content-length' && (status === 204 || status < 200)) continue;
    const value = headers[i + 1]!;
    out.push(headers[i]!, isLocation(name) ? mapLocation(value, origin, paths) : value);
  }
  return out;
}
