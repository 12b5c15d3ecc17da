import type { HeaderList } from './headers.ts';

/**
 * What tells the tag of a reply that the gateway has compressed, or brought to another form, from the one that the
 * service gave: no service writes it by itself. A form has the name that its configuration hashes to.
 */
const coded = /"([\x21\x23-\x7e\x80-\xff]*?)((?:\.garita-(?:br|zstd|gzip|[0-9a-f]{8}))+)"/g;

/** The tag of a reply in a content coding. Strong tags tell codings apart, weak ones need not (RFC 9110 §8.8.3.3). */
export const codedTag = (tag: string, coding: string): string =>
  tag.startsWith('"') && tag.endsWith('"') && tag.length >= 2 ? `${tag.slice(0, -1)}.garita-${coding}"` : tag;

/** The tag of a reply in another form, weak or strong as it was; `form` is eight hexadecimal digits. */
export const shapedTag = (tag: string, form: string): string =>
  /^(?:W\/)?"[^"]*"$/.test(tag) ? `${tag.slice(0, -1)}.garita-${form}"` : tag;

/**
 * A list of tags with those as the service gave them that stand for them in this coding, or in any. Tags of other
 * codings stay: to the service they are of no representation that it has.
 */
export const plainTags = (list: string, coding?: string): string =>
  list.replace(coded, (tag, opaque: string, suffixes: string) => {
    if (coding === undefined) return `"${opaque}"`;
    const last = `.garita-${coding}`;
    return suffixes.endsWith(last) ? `"${opaque}${suffixes.slice(0, -last.length)}"` : tag;
  });

/** The same fields with the tags of `If-Match` or `If-None-Match` as the service gave them. `name` in lower case. */
export function withPlainTags(headers: HeaderList, name: string, coding?: string): HeaderList {
  return headers.map((text, index) =>
    index % 2 === 1 && headers[index - 1]!.toLowerCase() === name ? plainTags(text, coding) : text,
  );
}
