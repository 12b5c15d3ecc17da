import { type HeaderList, listMembers } from '../model/headers.ts';

/** Fields that belong to one connection and end at the gateway, in both directions (RFC 9110 §7.6.1). */
export const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

// A Connection field must not be a way to make the gateway drop what a guard or the next hop relies on.
const notNominable = new Set(['host', 'content-length', 'authorization', 'forwarded', 'via', 'cache-control']);

/** The fields that a message's `Connection` nominates as meant for this hop only, in lower case; undefined for none. */
export function nominatedFields(headers: HeaderList): ReadonlySet<string> | undefined {
  const members = listMembers(headers, 'connection');
  if (members.length === 0) return undefined;
  const names = members
    .map((member) => member.toLowerCase())
    .filter((name) => name !== 'close' && name !== 'keep-alive' && !notNominable.has(name));
  return names.length === 0 ? undefined : new Set(names);
}

/** Whether the sender of a request takes trailers (RFC 9110 §10.1.4). */
export const acceptsTrailers = (headers: HeaderList): boolean =>
  listMembers(headers, 'te').some((member) => member.toLowerCase() === 'trailers');
