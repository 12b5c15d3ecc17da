import { TokenError } from './token-error.ts';

/** What is read from the header of an access token (RFC 9068 §2.1). */
export interface TokenHeader {
  readonly alg: string;
  readonly kid: string;
}

/** What the header of a token may say, and nothing else. */
export interface HeaderRules {
  readonly members: readonly string[];
  isAccessToken(typ: unknown): boolean;
}

/** A token of ours has about 1 kB; one that is larger is not worth the work. */
const maxTokenLength = 8_192;
const maxKidLength = 128;

/** RFC 9068 §4, the first step: "at+jwt", also in its long form. */
const tokenTypes: ReadonlySet<unknown> = new Set(['at+jwt', 'application/at+jwt']);
const accessTokenRules: HeaderRules = { members: ['alg', 'typ', 'kid'], isAccessToken: (typ) => tokenTypes.has(typ) };

/**
 * Reads the header of a signed JWT before any key is touched: three parts in canonical base64url, and a header that
 * names an algorithm, a type and a key, but brings neither keys nor extensions (RFC 8725 §3, RFC 7515 §4.1.11).
 *
 * @throws TokenError
 */
export function readTokenHeader(token: string, rules = accessTokenRules): TokenHeader {
  const [header] = decodeParts(token);
  const members = parseHeader(header!);
  if (!Object.keys(members).every((name) => rules.members.includes(name))) {
    throw new TokenError(
      `a header member other than ${rules.members.slice(0, -1).join(', ')} and ${rules.members.at(-1)}`,
    );
  }
  const { alg, typ, kid } = members;
  if (!rules.isAccessToken(typ)) throw new TokenError('not an access token by its typ');
  if (typeof alg !== 'string') throw new TokenError('no algorithm');
  if (typeof kid !== 'string' || kid.length > maxKidLength) throw new TokenError('no usable key id');
  return { alg, kid };
}

/**
 * Reads who a token says has issued it. Nothing is proved by that: it only says whose keys have to prove it.
 *
 * @throws TokenError
 */
export function readUnverifiedIssuer(token: string): unknown {
  const [, claims] = decodeParts(token);
  try {
    return (JSON.parse(String(claims)) as { iss?: unknown } | null)?.iss;
  } catch (cause) {
    throw new TokenError('claims that are not JSON', { cause });
  }
}

function decodeParts(token: string): Buffer[] {
  if (token.length > maxTokenLength) throw new TokenError('longer than 8 kB');
  const parts = token.split('.');
  if (parts.length !== 3) throw new TokenError(`${parts.length} parts instead of 3`);
  return parts.map(decode);
}

/** Refuses what decodes leniently: padding, foreign characters, stray bits at the end (RFC 4648 §3.5). */
function decode(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (part === '' || bytes.toString('base64url') !== part) throw new TokenError('not canonical base64url');
  return bytes;
}

function parseHeader(bytes: Buffer): Record<string, unknown> {
  const text = bytes.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new TokenError('a header that is not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TokenError('a header that is no object');
  // Two members of one name would be read differently by different parsers. Some issuers put blanks between members.
  if (withoutBlanks(JSON.stringify(value)) !== withoutBlanks(text))
    throw new TokenError('a header with repeated members or unusual spelling');
  return value as Record<string, unknown>;
}

const withoutBlanks = (text: string): string => text.replace(/\s/g, '');
