import { type HeaderList, listMembers } from '../../model/headers.ts';

/** The directives of a message's `Cache-Control`, names in lower case, arguments without their quotes (RFC 9111 §5.2). */
export function cacheControlOf(headers: HeaderList): ReadonlyMap<string, string> {
  const members = listMembers(headers, 'cache-control');
  if (members.length === 0) return none;
  const directives = new Map<string, string>();
  for (const member of members) {
    const [name = '', argument = ''] = member.split('=', 2);
    // Said twice: the first counts for durations (RFC 9111 §4.2.1), and for the others it makes no difference.
    const key = name.trim().toLowerCase();
    if (!directives.has(key)) directives.set(key, argument.trim().replaceAll('"', ''));
  }
  return directives;
}

const none: ReadonlyMap<string, string> = new Map();

/** A number of seconds (RFC 9111 §1.2.2): undefined when it is not one, and at most 2^31. */
export function deltaSeconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Math.min(Number(text), 2 ** 31) : undefined;
}
