import { isIP, isIPv4, isIPv6 } from 'node:net';

/**
 * The address of a node that a proxy names (RFC 7239 §6), without its port, in the form of {@link plainAddress}.
 * `unknown` for a node that is hidden (`unknown`, `_name`); undefined when this is no node at all.
 */
export function readNode(written: string): string | undefined {
  if (/^(?:unknown|_[A-Za-z0-9._-]+)(?::(?:\d{1,5}|_[A-Za-z0-9._-]+))?$/i.test(written)) return 'unknown';
  const [, bracketed, plain] = /^(?:\[([^\]%]+)\]|([^:[\]]+))(?::(?:\d{1,5}|_[A-Za-z0-9._-]+))?$/.exec(written) ?? [];
  if (bracketed !== undefined) return isIPv6(bracketed) ? plainAddress(bracketed) : undefined;
  return plain !== undefined && isIPv4(plain) ? plain : undefined;
}

/** The same for a member of `X-Forwarded-For`, where IPv6 addresses stand without brackets, too. */
export const readForwardedFor = (written: string): string | undefined =>
  isIPv6(written) && !written.includes('%') ? plainAddress(written) : readNode(written);

/**
 * One form for each address: limits and logs should not see one caller as two. IPv6 as in RFC 5952; an IPv4 address that
 * a dual-stack socket tells as IPv6 as IPv4.
 */
export function plainAddress(address: string): string {
  if (isIP(address) !== 6 || address.includes('%')) return address;
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical) ?? [];
  if (high === undefined || low === undefined) return canonical;
  const bytes = [high, low].flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
  return bytes.join('.');
}
