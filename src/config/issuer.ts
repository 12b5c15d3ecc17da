import { isIPv4 } from 'node:net';
import * as z from 'zod';
import { expecting } from './expecting.ts';

/** Is this host (as `URL.hostname` gives it) this machine itself? 127.0.0.0/8, ::1 and localhost (RFC 6761 §6.3). */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}

/** The issuer (RFC 8414 §2): an absolute URL, compared byte for byte by clients, so only its plain form is taken. */
export const issuer = issuerUrl('https://api.example.com', { trailingSlash: false });

/** Another issuer, as it calls itself in `iss`: some do so with a trailing slash, which is a part of the name. */
export const otherIssuer = issuerUrl('https://idp.example.com/realms/staff', { trailingSlash: true });

function issuerUrl(example: string, { trailingSlash }: { readonly trailingSlash: boolean }) {
  return z.string(expecting(`a URL such as ${example}`)).superRefine((written, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message });
    const url = URL.parse(written);
    if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
      refuse(`expected a URL such as ${example}`);
    } else if (/[?#]/.test(written)) refuse('an issuer has no query and no fragment (RFC 8414 §2)');
    else if (url.username !== '' || url.password !== '') refuse('an issuer has no user and no password in it');
    else if (!trailingSlash && written.endsWith('/')) refuse('an issuer is written without a trailing slash');
    else if (url.href !== written && url.href !== `${written}/`)
      refuse(`write the issuer in its plain form: ${plain(url)}`);
    else if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
      refuse('an issuer off this machine uses https: tokens must not travel in the clear (RFC 8414 §2)');
    }
  });
}

const plain = (url: URL): string => url.href.replace(/\/$/, '');
