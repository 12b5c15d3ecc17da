import { TokenError } from './token-error.ts';

/** What the header of an access token may say, and nothing else (RFC 9068 §2.1). */
export interface TokenHeader {
  readonly alg: string;
  readonly kid: string;
}

/** A token of ours has about 1 kB; one that is larger is not worth the work. */
const maxTokenLength = 8_192;
const maxKidLength = 128;

/** RFC 9068 §4, the first step: "at+jwt", also in its long form. */
const tokenTypes: ReadonlySet<unknown> = new Set(['at+jwt', 'application/at+jwt']);
const knownMembers: ReadonlySet<string> = new Set(['alg', 'typ', 'kid']);

/**
 * Reads the header of a signed JWT before any key is touched: three parts in canonical base64url, and a header that
 * names an algorithm, a type and a key, but brings neither keys nor extensions (RFC 8725 §3, RFC 7515 §4.1.11).
 *
 * @throws TokenError
 */
export function readTokenHeader(token: string): TokenHeader {
  if (token.length > maxTokenLength) throw new TokenError('longer than 8 kB');
  const parts = token.split('.');
  if (parts.length !== 3) throw new TokenError(`${parts.length} parts instead of 3`);
  const [header] = parts.map(decode);
  const members = parseObject(header!);
  const unknown = Object.keys(members).find((name) => !knownMembers.has(name));
  if (unknown !== undefined) throw new TokenError('a header member other than alg, typ and kid');
  const { alg, typ, kid } = members;
  if (!tokenTypes.has(typ)) throw new TokenError('not an access token by its typ');
  if (typeof alg !== 'string') throw new TokenError('no algorithm');
  if (typeof kid !== 'string' || kid.length > maxKidLength) throw new TokenError('no usable key id');
  return { alg, kid };
}

/** Refuses what decodes leniently: padding, foreign characters, stray bits at the end (RFC 4648 §3.5). */
function decode(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (part === '' || bytes.toString('base64url') !== part) throw new TokenError('not canonical base64url');
  return bytes;
}

function parseObject(bytes: Buffer): Record<string, unknown> {
  const text = bytes.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new TokenError('a header that is not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TokenError('a header that is no object');
  // Two members of one name would be read differently by different parsers.
  if (JSON.stringify(value) !== text) throw new TokenError('a header with repeated members or unusual spelling');
  return value as Record<string, unknown>;
}
