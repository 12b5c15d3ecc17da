import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What an opaque token is good for. One is never taken for the other. */
export type OpaqueTokenKind = 'code' | 'refresh';

/** What {@link createOpaqueTokens} needs. */
export interface OpaqueTokenOptions {
  /** Whoever knows it can make tokens. */
  readonly secret: Buffer;
  /** Makes an id: 22 characters of base64url, 128 bits that nobody can guess. Default: from the system's randomness. */
  readonly createId?: () => string;
}

/** Codes and refresh tokens: an id and the proof that this server gave it out. A store need only know the ids. */
export interface OpaqueTokens {
  make(kind: OpaqueTokenKind): { readonly token: string; readonly id: string };
  /** The token of an id: the same each time, so that a caller who has not got it can be given it again. */
  tokenOf(kind: OpaqueTokenKind, id: string): string;
  /** The id in a token; undefined when this server has not made it, or for something else. In constant time. */
  read(kind: OpaqueTokenKind, token: string): string | undefined;
}

/** They say what they are, so that scanners for leaked secrets find them. */
const prefixes: Readonly<Record<OpaqueTokenKind, string>> = { code: 'gac_', refresh: 'grt_' };

/** What comes after the prefix: an id of 16 bytes, and a MAC of 32 bytes. */
const form = /^([\w-]{22})\.[\w-]{43}$/;

/** Makes and reads opaque tokens: `<kind>_<id>.<HMAC-SHA256 of what comes before>`, in base64url. */
export function createOpaqueTokens({ secret, createId = randomId }: OpaqueTokenOptions): OpaqueTokens {
  function tokenOf(kind: OpaqueTokenKind, id: string): string {
    const named = prefixes[kind] + id;
    return `${named}.${createHmac('sha256', secret).update(named).digest('base64url')}`;
  }
  return {
    tokenOf,
    make(kind) {
      const id = createId();
      return { token: tokenOf(kind, id), id };
    },
    read(kind, token) {
      const prefix = prefixes[kind];
      const id = token.startsWith(prefix) ? form.exec(token.slice(prefix.length))?.[1] : undefined;
      if (id === undefined) return undefined;
      // The texts are compared, not the bytes that they decode to: stray bits at the end would make a second spelling.
      return timingSafeEqual(Buffer.from(tokenOf(kind, id)), Buffer.from(token)) ? id : undefined;
    },
  };
}

const randomId = (): string => randomBytes(16).toString('base64url');
