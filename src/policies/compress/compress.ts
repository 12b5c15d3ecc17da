import * as z from 'zod';
import { expecting } from '../../config/expecting.ts';
import { integer, size, text } from '../../config/values.ts';
import { codedTag, withPlainTags } from '../../model/entity-tags.ts';
import { type HeaderList, headerOf, headersOf, listMembers } from '../../model/headers.ts';
import { definePolicy } from '../policy.ts';
import { compressBody } from './compress-body.ts';
import { compileCompressible } from './compressible.ts';
import { type Coding, chooseCoding, codings } from './negotiate.ts';

const mediaType = text(
  /^[a-z0-9][a-z0-9!#$&^_.+-]*\/(?:\*|\*\+[a-z0-9.-]+|[a-z0-9][a-z0-9!#$&^_.+-]*)$/,
  'a media type in lower case such as application/json, text/* or application/*+json',
);

/** `compress`: replies in the content coding that the caller wants. Around the cache, which keeps them as they came. */
export const compress = definePolicy({
  name: 'compress',
  single: true,
  options: z.strictObject({
    codings: z
      .array(z.enum(codings, expecting(codings.join(', '))), expecting('a list of codings'))
      .min(1, expecting('at least one coding'))
      .default([...codings])
      .describe('What is on offer; of several that a caller likes as well, the first.'),
    types: z
      .array(mediaType, expecting('a list of media types'))
      .min(1, expecting('at least one media type'))
      .default([
        'text/*',
        'application/json',
        'application/*+json',
        'application/xml',
        'application/*+xml',
        'application/javascript',
        'image/svg+xml',
      ])
      .describe('Media types that are worth it. Event streams only when text/event-stream itself is in the list.'),
    from: size().prefault('1kB').describe('Shorter bodies go as they are, where the service says the length.'),
    level: z.exactOptional(integer(1, 6)).describe('From 1, the fastest, to 6, the smallest.'),
  }),
  create({ codings: offered, types, from, level }) {
    const isCompressible = compileCompressible(types, from);
    return {
      wrap: (next) => async (exchange) => {
        const coding = chooseCoding(exchange.headers, offered);
        const known = headersOf(exchange.headers, 'if-none-match');
        if (coding !== undefined && known.length > 0) {
          exchange.headers = withPlainTags(exchange.headers, 'if-none-match', coding);
        }
        const reply = await next(exchange);
        if (reply.status === 304) return { ...reply, headers: varying(asKnown(reply.headers, known, coding)) };
        if (!isCompressible(reply)) return reply;
        if (coding === undefined) return { ...reply, headers: varying(reply.headers) };
        return {
          ...reply,
          headers: varying([...fieldsOfCoded(reply.headers, coding), 'Content-Encoding', coding]),
          body: exchange.method === 'HEAD' ? reply.body : compressBody(reply.body, { coding, level }, exchange),
        };
      },
    };
  },
});

// Lengths, positions and what may be said at the end are those of another body.
const lost: ReadonlySet<string> = new Set(['content-length', 'accept-ranges', 'trailer']);

function fieldsOfCoded(headers: HeaderList, coding: Coding): HeaderList {
  const out: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]!.toLowerCase();
    if (!lost.has(name)) out.push(headers[i]!, name === 'etag' ? codedTag(headers[i + 1]!, coding) : headers[i + 1]!);
  }
  return out;
}

/** The fields of a 304 with the tag that the caller has: of the reply in this coding, if it told that one. */
function asKnown(headers: HeaderList, known: readonly string[], coding: Coding | undefined): HeaderList {
  const tag = headerOf(headers, 'etag');
  if (tag === undefined || coding === undefined) return headers;
  const coded = codedTag(tag, coding);
  if (!known.some((list) => list.includes(coded))) return headers;
  return headers.map((text, index) => (index % 2 === 1 && headers[index - 1]!.toLowerCase() === 'etag' ? coded : text));
}

const varying = (headers: HeaderList): HeaderList =>
  listMembers(headers, 'vary').some((member) => member === '*' || member.toLowerCase() === 'accept-encoding')
    ? headers
    : [...headers, 'Vary', 'Accept-Encoding'];
