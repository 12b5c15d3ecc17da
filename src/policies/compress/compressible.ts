import { type HeaderList, headerOf } from '../../model/headers.ts';
import type { Reply } from '../../model/reply.ts';
import { cacheControlOf } from '../cache/cache-control.ts';

// Coded already, a part of something, or with a proof of its exact bytes (RFC 1864, RFC 3230, RFC 9530).
const asItIs = ['content-encoding', 'content-range', 'content-md5', 'digest', 'content-digest', 'repr-digest'] as const;

// No body, or a part of one.
const bare: ReadonlySet<number> = new Set([204, 205, 206, 304]);

/** Makes what tells whether a reply may be compressed: by its status, fields and length, and by the types that are named. */
export function compileCompressible(types: readonly string[], from: number): (reply: Reply) => boolean {
  const named = new RegExp(`^(?:${types.map(toSource).join('|')})$`);
  return ({ status, headers }) => {
    const type = mediaTypeOf(headers);
    return (
      !bare.has(status) &&
      named.test(type) &&
      // Many small pieces, and every one of them waited for: only who asks for it by name gets it compressed.
      (type !== 'text/event-stream' || types.includes(type)) &&
      Number(headerOf(headers, 'content-length') ?? from) >= from &&
      asItIs.every((name) => headerOf(headers, name) === undefined) &&
      !cacheControlOf(headers).has('no-transform')
    );
  };
}

const mediaTypeOf = (headers: HeaderList): string =>
  (headerOf(headers, 'content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase();

const toSource = (type: string): string => RegExp.escape(type).replaceAll('\\*', '[^/]*');
