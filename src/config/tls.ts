import * as z from 'zod';
import { expecting } from './expecting.ts';
import { flag, text } from './values.ts';

const phrase = 'the name of a file in PEM form';

/** A file in PEM form, relative to the folder of the configuration file. */
const pem = z.string(expecting(phrase)).min(1, expecting(phrase));

const authorities = pem.describe('Certificates of the authorities that are trusted, in one file.');

/** How the public listener speaks https. */
export const listenTls = z
  .strictObject({
    certificate: pem.describe('The certificate, with those between it and its authority after it.'),
    key: pem.describe('The private key of the certificate.'),
    http2: flag.default(true).describe('Speak HTTP/2 with callers who can; false: HTTP/1.1 only.'),
    clientCertificates: z
      .exactOptional(
        z.strictObject({
          authorities,
          required: flag.default(true).describe('Let nobody in without one; false: who has none is a caller like any.'),
        }),
      )
      .describe('Ask callers for a certificate of their own.'),
  })
  .describe('Certificate and key of the public listener; both files are read again when they change.');

/** How https instances are recognised, and what they are shown. */
export const serviceTls = z
  .strictObject({
    authorities: z.exactOptional(authorities).describe('Instead of those that Node brings along.'),
    certificate: z.exactOptional(pem).describe('What the gateway shows when an instance asks for a certificate.'),
    key: z.exactOptional(pem).describe('The private key of that certificate.'),
    serverName: z
      .exactOptional(
        text(/^(?![\d.]+$)[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?$/, 'the name of a host, not an address'),
      )
      .describe('The name that the certificates of the instances must carry; absent: the host of the address.'),
    verify: flag.default(true).describe('false: take any certificate. Whoever is in between can then read along.'),
  })
  .superRefine(({ certificate, key, authorities: given, verify }, context) => {
    const refuse = (message: string, ...path: string[]) => context.addIssue({ code: 'custom', path, message });
    if (certificate !== undefined && key === undefined) refuse('a certificate needs its key: add key', 'certificate');
    if (certificate === undefined && key !== undefined) refuse('a key needs its certificate: add certificate', 'key');
    if (!verify && given !== undefined)
      refuse('with verify: false no authority is asked: leave one of the two out', 'verify');
  })
  .describe('TLS to https instances.');

/** See {@link listenTls}. */
export type ListenTls = z.output<typeof listenTls>;

/** See {@link serviceTls}. */
export type ServiceTls = z.output<typeof serviceTls>;
