import { isIP } from 'node:net';
import * as z from 'zod';
import { expecting } from './expecting.ts';

/** Ranges that have a name of their own. */
export const namedRanges: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** A range of addresses: an address and how many of its leading bits count. */
export interface AddressRange {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Reads an address or a range in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3); undefined when it is neither. */
export function parseRange(written: string): AddressRange | undefined {
  const [address = '', bits, ...rest] = written.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || rest.length > 0) return undefined;
  const most = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? most : /^(?:0|[1-9]\d{0,2})$/.test(bits) ? Number(bits) : Number.NaN;
  return prefix <= most ? { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' } : undefined;
}

const phrase = 'an address, a range such as 10.0.0.0/8, loopback or private';

const range = z.string(expecting(phrase)).superRefine((written, context) => {
  if (Object.hasOwn(namedRanges, written)) return;
  const message =
    parseRange(written)?.prefix === 0
      ? 'this would trust everybody, so that any caller could claim any address'
      : `expected ${phrase}`;
  if (!parseRange(written)?.prefix) context.addIssue({ code: 'custom', message });
});

const ranges = z.array(range, expecting('a list of addresses and ranges')).describe('Addresses and ranges.');

/** Fields of a request in which a proxy says what it saw. */
export const forwardingFields = [
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'forwarded',
] as const;

const fieldsPhrase = `a list of ${forwardingFields.join(', ')}`;

const fields = z
  .array(z.enum(forwardingFields, expecting(`one of ${forwardingFields.join(', ')}`)), expecting(fieldsPhrase))
  .min(1, expecting(fieldsPhrase))
  .refine((list) => !list.includes('forwarded') || list.length === 1, {
    error: 'forwarded says everything the others do: two sources could contradict each other, so it stands alone',
  })
  .describe('The fields that these proxies set themselves; they must replace, or append to, what a caller sent.');

/** Proxies in front whose word counts, and the fields in which they give it. */
export const trustedProxies = z
  .union(
    [
      ranges.transform((addresses) => ({ addresses, fields: undefined })),
      z.strictObject({ addresses: ranges, fields: z.exactOptional(fields) }),
    ],
    expecting('a list of addresses and ranges, or { addresses, fields }'),
  )
  .transform(({ addresses, fields: given }) => ({
    addresses,
    fields: given ?? (['x-forwarded-for', 'x-forwarded-proto'] as const),
  }))
  .describe('Proxies in front of the gateway whose forwarding fields count: a list, or { addresses, fields }.');

/** See {@link trustedProxies}. */
export interface TrustedProxies {
  readonly addresses: readonly string[];
  readonly fields: readonly (typeof forwardingFields)[number][];
}
