import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { ConfigError } from '../config/problem.ts';
import type { ConfigSource } from '../config/source.ts';

/** The files of one end of TLS, in PEM form. A certificate comes with its key. */
export interface TlsFiles {
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  readonly authorities?: string | undefined;
}

/** What is in {@link TlsFiles}, as Node's TLS takes it. */
export interface TlsMaterial {
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: readonly string[];
}

/** A file of TLS that cannot be used. The message begins with its name and never shows what is in it. */
export class TlsFileError extends Error {
  /** Which of the files it is. */
  readonly which: keyof TlsFiles;

  constructor(which: keyof TlsFiles, file: string, reason: string) {
    super(`${file} ${reason}`);
    this.name = 'TlsFileError';
    this.which = which;
  }
}

/**
 * The error that a file of TLS cannot be used as a problem of the configuration, where that names the file; any other
 * error as it is.
 */
export function pointAtFile(
  error: unknown,
  source: ConfigSource,
  pathOf: (which: keyof TlsFiles) => readonly string[],
): unknown {
  return error instanceof TlsFileError ? new ConfigError([source.problem(pathOf(error.which), error.message)]) : error;
}

/**
 * Reads the files of one end of TLS and makes sure that they fit each other.
 *
 * @throws TlsFileError for the first that cannot be used.
 */
export async function readTlsFiles(files: TlsFiles): Promise<TlsMaterial> {
  const [cert, key, authorities] = await Promise.all([
    read('certificate', files),
    read('key', files),
    read('authorities', files),
  ]);
  const ca = authorities === undefined ? undefined : splitCertificates('authorities', files, authorities);
  if (cert !== undefined) checkPair(files, cert, key!);
  const material = { ...(cert && { cert }), ...(key && { key }), ...(ca && { ca }) };
  try {
    createSecureContext({ ...material, ca: ca && [...ca] });
  } catch (error) {
    throw new TlsFileError(
      cert === undefined ? 'authorities' : 'certificate',
      (files.certificate ?? files.authorities)!,
      `cannot be used: ${(error as Error).message}`,
    );
  }
  return material;
}

async function read(which: keyof TlsFiles, files: TlsFiles): Promise<string | undefined> {
  const file = files[which];
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new TlsFileError(which, file, unreadable[code ?? ''] ?? `cannot be read (${code})`);
  }
}

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder',
  EACCES: 'may not be read by this user',
};

function checkPair(files: TlsFiles, cert: string, pem: string): void {
  const [first] = splitCertificates('certificate', files, cert).map((text) => new X509Certificate(text));
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    const locked = pem.includes('ENCRYPTED');
    const reason = locked
      ? 'is locked by a passphrase: only open keys can be used'
      : 'holds no private key in PEM form';
    throw new TlsFileError('key', files.key!, reason);
  }
  if (first!.checkPrivateKey(key)) return;
  throw new TlsFileError('key', files.key!, `is not the key of the first certificate in ${files.certificate}`);
}

/** Every certificate of a file must be one: Node would take the good ones and say nothing of the others. */
function splitCertificates(which: keyof TlsFiles, files: TlsFiles, text: string): string[] {
  const found = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) throw new TlsFileError(which, files[which]!, 'holds no certificate in PEM form');
  for (const [index, pem] of found.entries()) {
    try {
      new X509Certificate(pem);
    } catch {
      throw new TlsFileError(which, files[which]!, `is damaged: certificate ${index + 1} of ${found.length} is none`);
    }
  }
  return found;
}
