import { type HeaderList, headerOf, listMembers } from '../../model/headers.ts';

// Errors in the form of RFC 9457 have a form already, and a patch of RFC 6902 is a list of steps, not of fields.
const form = /^application\/(?:json|(?!problem\+|json-patch\+)[^\s;]+\+json)\s*(?:;|$)/i;

/** Whether a message is a JSON document with fields, by its media type. */
export const isJson = (headers: HeaderList): boolean => form.test(headerOf(headers, 'content-type') ?? '');

/** Why the bytes of a JSON document are not its text in UTF-8; undefined when they are. */
export function findCoding(headers: HeaderList): string | undefined {
  const coding = listMembers(headers, 'content-encoding').find((member) => member.toLowerCase() !== 'identity');
  if (coding !== undefined) return `coded: ${coding}`;
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(headerOf(headers, 'content-type') ?? '')?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset) ? undefined : `not UTF-8 but ${charset}`;
}
