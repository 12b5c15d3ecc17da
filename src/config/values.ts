import * as z from 'zod';
import { expecting } from './expecting.ts';

/** A text of one form; `phrase` completes "expected …". */
export const text = (form: RegExp, phrase: string) => z.string(expecting(phrase)).regex(form, expecting(phrase));

/** Names of services and routes, as they stand in logs, metrics and messages. */
export const name = text(
  /^[a-z0-9._-]{1,64}$/,
  'a name of up to 64 lower-case letters, digits, dots, dashes and underscores',
);

/** A whole number within bounds, both included. */
export function integer(least: number, most: number) {
  const expected = expecting(`a whole number from ${least} to ${most}`);
  return z.int(expected).min(least, expected).max(most, expected);
}

/** `true` or `false`. */
export const flag = z.boolean(expecting('true or false'));

/** One value or a list of them; decoded to a list. An empty list is refused. */
export function oneOrMore<T extends z.ZodType>(item: T, phrase: string) {
  return z
    .union([item, z.array(item).min(1, expecting(phrase))], expecting(phrase))
    .transform((value) => (Array.isArray(value) ? value : [value]) as z.output<T>[]);
}

const millisecondsOf = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const durationForm = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** Reads `500ms`, `1.5s`, `5m`, `2h` or `1d` as milliseconds, rounded; undefined when it is none of these. */
export function parseDuration(written: string): number | undefined {
  const [, amount, unit] = durationForm.exec(written) ?? [];
  if (amount === undefined) return undefined;
  return Math.round(Number(amount) * millisecondsOf[unit as keyof typeof millisecondsOf]);
}

/** A duration with its unit, decoded to milliseconds. Bounds are written like the value; by default what a timer can take. */
export function duration({ from = '1ms', to = '24d' }: { from?: string; to?: string } = {}) {
  const form = 'a duration with its unit (ms, s, m, h or d), such as 5s';
  const least = parseDuration(from) ?? 0;
  const most = parseDuration(to) ?? 0;
  return text(durationForm, form).transform((written, context) => {
    const milliseconds = parseDuration(written) ?? Number.NaN;
    if (milliseconds >= least && milliseconds <= most) return milliseconds;
    context.addIssue({ code: 'custom', message: `expected a duration from ${from} to ${to}` });
    return z.NEVER;
  });
}

const bytesOf = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
const sizeForm = /^(\d+(?:\.\d+)?)(B|kB|MB|GB|KiB|MiB|GiB)$/;

/** Reads `512B`, `64kB`, `10MB`, `1GB` (powers of 1000) or `KiB`, `MiB`, `GiB` as bytes, rounded; undefined otherwise. */
export function parseSize(written: string): number | undefined {
  const [, amount, unit] = sizeForm.exec(written) ?? [];
  if (amount === undefined) return undefined;
  return Math.round(Number(amount) * bytesOf[unit as keyof typeof bytesOf]);
}

/** A size with its unit, decoded to bytes. Bounds are written like the value. */
export function size({ from = '1B', to = '1000GB' }: { from?: string; to?: string } = {}) {
  const form = 'a size with its unit (B, kB, MB, GB, KiB, MiB or GiB), such as 64kB';
  const least = parseSize(from) ?? 0;
  const most = parseSize(to) ?? 0;
  return text(sizeForm, form).transform((written, context) => {
    const bytes = parseSize(written) ?? Number.NaN;
    if (bytes >= least && bytes <= most) return bytes;
    context.addIssue({ code: 'custom', message: `expected a size from ${from} to ${to}` });
    return z.NEVER;
  });
}

/** Where a listener binds. An IPv6 host stands without its brackets. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A host as it stands in a URL: an IPv6 address in brackets. */
export const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Where a listener is reached. */
export const urlOf = ({ host, port }: Address, scheme: 'http' | 'https' = 'http'): string =>
  `${scheme}://${urlHost(host)}:${port}`;

const addressPhrase = 'a host and a port such as 127.0.0.1:8080 or [::1]:8080';

/** `host:port`, decoded to an {@link Address}. Port 0 lets the system choose. */
export const address = text(/^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$/, addressPhrase).transform(
  (written, context): Address => {
    const colon = written.lastIndexOf(':');
    const port = Number(written.slice(colon + 1));
    const host = written.slice(0, colon).replace(/^\[|\]$/g, '');
    if (port <= 65_535) return { host, port };
    context.addIssue({ code: 'custom', message: 'expected a port from 0 to 65535' });
    return z.NEVER;
  },
);

/** A scope name (RFC 6749 §3.3). */
export const scopeName = text(
  /^[\x21\x23-\x5B\x5D-\x7E]+$/,
  'a scope name: printable ASCII without space, double quote and backslash (RFC 6749 §3.3)',
);

/** The name of a header field (RFC 9110 §5.1), in lower case. */
export const headerName = text(/^[!#$%&'*+.^_`|~0-9a-z-]+$/, 'the name of a header field in lower case');
