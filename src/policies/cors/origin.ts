import * as z from 'zod';
import { expecting } from '../../config/expecting.ts';

const phrase = 'an origin as browsers send it, such as https://shop.example.com, or "*" or "null" in quotes';
const form = /^[a-z][a-z0-9+.-]*:\/\/(?:[A-Za-z0-9._~%-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/;

/**
 * An origin in the one form that browsers send (RFC 6454 §6.2), because it is compared as it is; or `*` for every
 * origin; or `null`, which is what pages without an origin send.
 */
export const origin = z.string(expecting(phrase)).superRefine((written, context) => {
  if (written === '*' || written === 'null') return;
  // The URL standard takes an asterisk for a letter, whoever writes it means a pattern.
  const serialized = written.includes('*') ? 'null' : (URL.parse(written)?.origin ?? 'null');
  // Of other schemes than those of the web (apps, extensions) the URL standard knows no origin: their form has to do.
  if (
    serialized === 'null' ? form.test(written) && !/^(?:https?|wss?|ftp|file):/.test(written) : serialized === written
  )
    return;
  const hint = serialized === 'null' ? `expected ${phrase}` : `browsers send this origin as ${serialized}: write it so`;
  context.addIssue({ code: 'custom', message: hint });
});
