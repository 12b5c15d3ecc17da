import { hopByHop } from '../forwarding/hop-by-hop.ts';
import type { HeaderList } from '../model/headers.ts';

/** What says how a message is framed, routed, cached or trusted comes before its body or not at all (RFC 9110 §6.5.1). */
const notInTrailers: ReadonlySet<string> = new Set([
  ...hopByHop,
  'age',
  'authorization',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'expires',
  'host',
  'location',
  'retry-after',
  'set-cookie',
  'vary',
  'www-authenticate',
  'x-request-id',
]);

/** The trailers of an instance's reply that the caller gets, as name and value. */
export function trailerFields(trailers: HeaderList): [string, string][] {
  const fields: [string, string][] = [];
  for (let i = 0; i < trailers.length; i += 2) {
    const name = trailers[i]!;
    const value = trailers[i + 1]!;
    if (!notInTrailers.has(name.toLowerCase()) && !/[^\t\x20-\x7e\x80-\xff]/.test(value)) fields.push([name, value]);
  }
  return fields;
}
