import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';

/**
 * A token that makes a form this browser's own: only who knows the secret in its cookie, which no script can read, can
 * make it. It holds for what is named and nothing else, such as one interaction.
 */
export function createCsrfToken(secret: string, ...names: readonly string[]): string {
  return createHmac('sha256', secret).update(JSON.stringify(names)).digest('base64url');
}

/** Is this the token that {@link createCsrfToken} makes? Takes the same time wherever it differs. */
export function isCsrfToken(token: string | undefined, secret: string, ...names: readonly string[]): boolean {
  const expected = Buffer.from(createCsrfToken(secret, ...names));
  const actual = Buffer.from(token ?? '');
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/**
 * May a form have come from a page of this origin, going by what browsers say about it? `Origin: null` may not: pages
 * here let browsers name their origin. Programs that send neither field pass: they have no user's cookies.
 */
export function isFromOrigin(req: Request, origin: string): boolean {
  const { origin: sent = origin, 'sec-fetch-site': site = 'none' } = req.headers;
  return sent === origin && (site === 'none' || site === 'same-origin');
}
