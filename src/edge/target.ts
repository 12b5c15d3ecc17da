import { GatewayError } from '../errors/gateway-error.ts';
import type { Target } from '../model/target.ts';

/** What a request target says. */
export interface ReadTarget extends Target {
  /** The authority of an absolute-form target (RFC 9112 §3.2.2): it beats Host. */
  readonly authority: string | undefined;
}

/**
 * Brings a request target to the one form that everything behind the edge works with (RFC 3986 §6.2.2): escapes in
 * upper case, unreserved characters decoded, dot segments resolved, slashes merged. The query stays as it is.
 * Throws {@link GatewayError} 400 for what different readers would read differently: encoded slashes, backslashes and
 * NUL, escapes within escapes, broken escapes, paths that climb above the root.
 */
export function readTarget(raw: string): ReadTarget {
  if (/[^\x21-\x7e]|#/.test(raw)) throw ambiguous();
  if (raw.startsWith('/')) return { ...split(raw), authority: undefined };
  const absolute = /^https?:\/\/([^/?]+)(.*)$/i.exec(raw);
  if (absolute === null) throw ambiguous();
  const [, authority, rest = ''] = absolute;
  return { ...split(rest.startsWith('/') ? rest : `/${rest}`), authority };
}

function split(raw: string): Target {
  const mark = raw.indexOf('?');
  return mark === -1
    ? { path: canonicalPath(raw), query: '' }
    : { path: canonicalPath(raw.slice(0, mark)), query: raw.slice(mark) };
}

/** The canonical form of a path that begins with a slash. Idempotent. Throws as {@link readTarget}. */
export function canonicalPath(raw: string): string {
  if (/^[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/.test(raw) && !raw.includes('//') && !raw.includes('/.')) return raw;
  if (raw.includes('\\') || /%(?![0-9A-Fa-f]{2})|%(?:2F|5C|00)/i.test(raw)) throw ambiguous();
  const decoded = raw
    .replace(/%[0-9A-Fa-f]{2}/g, (encoded) => decodeUnreserved(encoded.toUpperCase()))
    .replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/g, (character) => encodeURIComponent(character));
  // Looked for after decoding: %25%34%31 is an escape within an escape as well.
  if (/%25[0-9A-Fa-f]{2}/.test(decoded)) throw ambiguous();
  return resolveDots(decoded);
}

function decodeUnreserved(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
  return /[A-Za-z0-9\-._~]/.test(character) ? character : encoded;
}

/** RFC 3986 §5.2.4, and runs of slashes merged. */
function resolveDots(path: string): string {
  const segments = path.split('/').slice(1);
  const last = segments.at(-1)!;
  const resolved: string[] = [];
  for (const segment of segments) {
    // Some servers cut path parameters off first and find dot segments then.
    if (/^\.{1,2}(?:;|%3B)/.test(segment)) throw ambiguous();
    if (segment === '..') {
      if (resolved.pop() === undefined) throw ambiguous();
    } else if (segment !== '.' && segment !== '') resolved.push(segment);
  }
  const isFolder = last === '' || last === '.' || last === '..';
  return resolved.length === 0 ? '/' : `/${resolved.join('/')}${isFolder ? '/' : ''}`;
}

const ambiguous = (): GatewayError => new GatewayError('GW_BAD_TARGET');
