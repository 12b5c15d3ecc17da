import type { Response } from 'express';

/** Sends a browser elsewhere by GET, whatever it came with (RFC 9110 §15.4.4): a password never goes along. */
export function seeOther(res: Response, url: string): void {
  res.set({ Location: url, 'Cache-Control': 'no-store', 'Referrer-Policy': 'same-origin' });
  res.status(303).end();
}
