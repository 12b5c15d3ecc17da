import * as z from 'zod';
import { expecting } from './expecting.ts';
import { isLoopback } from './issuer.ts';

const redirectPhrase = 'a URL such as https://app.example.com/callback';

/** Schemes that a browser runs or reads from instead of going there. */
const dangerous = new Set([
  'javascript:',
  'data:',
  'file:',
  'vbscript:',
  'blob:',
  'about:',
  'filesystem:',
  'view-source:',
]);

/**
 * A URI that a browser is sent to (RFC 6749 §3.1.2): absolute, without a fragment, compared as it is written. Plain http
 * leads to this machine only; a private scheme contains a dot, as those of applications on a device do (RFC 8252 §7.1).
 */
export const redirectUri = z.string(expecting(redirectPhrase)).superRefine((written, context) => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  const url = URL.parse(written);
  if (/[*]/.test(written)) refuse('wildcards are refused: each URI is written out, and compared as it is');
  else if (url === null || /[\s\\]/.test(written)) refuse(`expected ${redirectPhrase}`);
  else if (dangerous.has(url.protocol)) refuse(`the scheme ${url.protocol} does not lead back to an application`);
  else if (written.includes('#')) refuse('a redirect URI has no fragment (RFC 6749 §3.1.2)');
  else if (url.username !== '' || url.password !== '') refuse('a redirect URI has no user and no password in it');
  else if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    refuse('http is for this machine only: codes must not travel in the clear; use https');
  } else if (url.protocol !== 'http:' && url.protocol !== 'https:' && !url.protocol.includes('.')) {
    refuse('a private scheme is the reverse of a domain, such as com.example.app:/callback (RFC 8252 §7.1)');
  } else if (/^https?:/.test(url.protocol) && url.href !== written && url.href !== `${written}/`) {
    refuse(`write it in its plain form: ${url.href}`);
  }
});

const originPhrase = 'an origin such as https://app.example.com';

/** Where scripts come from (RFC 6454), as browsers write it in `Origin`. */
export const origin = z.string(expecting(originPhrase)).superRefine((written, context) => {
  const url = URL.parse(written);
  if (url === null || !/^https?:$/.test(url.protocol) || url.origin !== written) {
    context.addIssue({ code: 'custom', message: `expected ${originPhrase}, without path and trailing slash` });
  }
});

const resourcePhrase = 'an absolute URI without a fragment such as https://orders.example.com';

/** What a token may be for (RFC 8707 §2). */
export const resource = z.string(expecting(resourcePhrase)).superRefine((written, context) => {
  if (!URL.canParse(written) || written.includes('#')) {
    context.addIssue({ code: 'custom', message: `expected ${resourcePhrase}` });
  }
});

/** The origins of those redirect URIs that have one. */
export const originsOf = (uris: readonly string[]): string[] => [
  ...new Set(uris.map((uri) => new URL(uri).origin).filter((it) => it !== 'null')),
];
