import type { HeaderList } from '../model/headers.ts';
import { hopByHop, nominatedFields } from './hop-by-hop.ts';
import { isLocation, mapLocation, type PathMapping } from './location.ts';

/**
 * The header fields of an instance's answer as the caller gets them; the request id is the gateway's to say, and an
 * address that the instance gives of itself becomes one that leads through the gateway.
 */
export function buildResponseHeaders(headers: HeaderList, origin: string, paths: PathMapping | undefined): string[] {
  const nominated = nominatedFields(headers);
  const out: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]!.toLowerCase();
    if (hopByHop.has(name) || name === 'x-request-id' || nominated?.has(name)) continue;
    const value = headers[i + 1]!;
    out.push(headers[i]!, isLocation(name) ? mapLocation(value, origin, paths) : value);
  }
  return out;
}
