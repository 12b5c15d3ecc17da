import { constants, X509Certificate } from 'node:crypto';
import type { Server } from 'node:https';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import type { ListenTls } from '../config/schema.ts';
import type { ConfigSource } from '../config/source.ts';
import type { Logger } from '../telemetry/logger.ts';
import { pointAtFile, readTlsFiles, type TlsMaterial } from '../transport/tls-files.ts';
import type { WatchFiles } from './watch-files.ts';

/** The TLS of the public listener. */
export interface PublicTls {
  readonly options: TlsOptions;
  /** Gives a server what is in the files whenever they change, until the function that this returns is called. */
  keepFresh(server: Server): () => void;
}

/** What {@link openPublicTls} works with. */
export interface PublicTlsContext {
  readonly source: ConfigSource;
  readonly watch: WatchFiles;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Wall clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * TLS 1.3, and of 1.2 what has forward secrecy and authenticated encryption (RFC 9325 §4.2): no CBC, no SHA-1, no
 * renegotiation.
 */
const modern = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
} as const satisfies SecureContextOptions;

/**
 * Reads certificate, key and authorities.
 *
 * @throws ConfigError when they cannot be used. Later changes that cannot be used are logged, and the last good ones stay.
 */
export async function openPublicTls(
  config: ListenTls,
  { source, watch, log, now }: PublicTlsContext,
): Promise<PublicTls> {
  const { clientCertificates } = config;
  const files = { ...config, authorities: clientCertificates?.authorities };
  const names = [files.certificate, files.key, files.authorities].filter((file) => file !== undefined);
  let current = await readTlsFiles(files).catch((error) => {
    const place = (which: string) => (which === 'authorities' ? ['clientCertificates', which] : [which]);
    throw pointAtFile(error, source, (which) => ['listen', 'tls', ...place(which)]);
  });
  warnOfTime(current, { log, now });

  const renew = async (server: Server): Promise<void> => {
    try {
      const found = await readTlsFiles(files);
      if (JSON.stringify(found) === JSON.stringify(current)) return;
      server.setSecureContext(contextOf(found));
      current = found;
      log.info('the certificate has been renewed', factsOf(found));
      warnOfTime(found, { log, now });
    } catch (error) {
      const reason = (error as Error).message;
      log.error('the certificate cannot be renewed; the last good one stays in use', { reason });
    }
  };

  return {
    options: {
      ...contextOf(current),
      ALPNProtocols: config.http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
      ...(clientCertificates && { requestCert: true, rejectUnauthorized: clientCertificates.required }),
    },
    keepFresh(server) {
      // One after the other: a slow look at old files must not undo a quick one at new files.
      let last = Promise.resolve();
      return watch(names, () => {
        last = last.then(() => renew(server));
      });
    },
  };
}

const contextOf = ({ ca, ...material }: TlsMaterial): SecureContextOptions => ({
  ...modern,
  ...material,
  ...(ca && { ca: [...ca] }),
});

function factsOf({ cert }: TlsMaterial) {
  const { subject, validTo, fingerprint256 } = new X509Certificate(cert!);
  return { subject: subject.replaceAll('\n', ','), validTo, fingerprint256 };
}

function warnOfTime({ cert }: TlsMaterial, { log, now }: Pick<PublicTlsContext, 'log' | 'now'>): void {
  const { validFromDate, validToDate } = new X509Certificate(cert!);
  if (now() > validToDate.getTime())
    log.warn('the certificate has expired: callers refuse it', factsOf({ cert: cert! }));
  else if (now() < validFromDate.getTime()) log.warn('the certificate is not valid yet', factsOf({ cert: cert! }));
}
