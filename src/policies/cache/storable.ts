import { type HeaderList, headerOf, headersOf, listMembers } from '../../model/headers.ts';
import type { Reply } from '../../model/reply.ts';
import { cacheControlOf, deltaSeconds } from './cache-control.ts';

/** For how long, and in how many variants, a reply may be kept. */
export interface Storable {
  /** Milliseconds from now. */
  readonly freshFor: number;
  /** Seconds that it was old already when it came. */
  readonly age: number;
  /** Request fields that it depends on, sorted. */
  readonly vary: readonly string[];
}

// Fields whose values tell variants apart. A reply that depends on anything else is not kept.
const understood = new Set(['accept', 'accept-encoding', 'accept-language']);

/**
 * Whether a reply may be kept, and for how long: the operator's time at most, and never against what the service says.
 * Undefined for a status other than 200, `private`, `no-store`, `no-cache`, `Set-Cookie`, a `Vary` beyond what is
 * understood, or no freshness left.
 */
export function storable({ status, headers }: Reply, fresh: number): Storable | undefined {
  if (status !== 200 || headerOf(headers, 'set-cookie') !== undefined) return undefined;
  const control = cacheControlOf(headers);
  if (['private', 'no-store', 'no-cache'].some((directive) => control.has(directive))) return undefined;
  const vary = [...new Set(listMembers(headers, 'vary').map((name) => name.toLowerCase()))].sort();
  if (!vary.every((name) => understood.has(name))) return undefined;
  const age = deltaSeconds(listMembers(headers, 'age')[0]) ?? 0;
  const maxAge = control.get('s-maxage') ?? control.get('max-age');
  // A lifetime that cannot be read has passed (RFC 9111 §4.2.1).
  const said = maxAge === undefined ? secondsUntilExpiry(headers) : (deltaSeconds(maxAge) ?? 0);
  const freshFor = said === undefined ? fresh : Math.min(fresh, (said - age) * 1000);
  return freshFor > 0 ? { freshFor, age, vary } : undefined;
}

/** What `Expires` says, measured from `Date` (RFC 9111 §4.2.1): undefined when absent, 0 when it is no date (§5.3). */
function secondsUntilExpiry(headers: HeaderList): number | undefined {
  const expires = headerOf(headers, 'expires');
  if (expires === undefined) return undefined;
  const seconds = (Date.parse(expires) - Date.parse(headerOf(headers, 'date') ?? '')) / 1000;
  return Number.isNaN(seconds) ? 0 : seconds;
}

/** What tells one variant from another: the request's values of the fields that the reply depends on. */
export function variantOf(headers: HeaderList, vary: readonly string[]): string {
  return vary.map((name) => `${name}:${headersOf(headers, name).join(',')}`).join('\n');
}
