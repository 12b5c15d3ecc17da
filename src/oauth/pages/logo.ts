import { readFile } from 'node:fs/promises';
import { ConfigError } from '../../config/problem.ts';

/** An image that browsers show. */
export interface Logo {
  readonly type: string;
  readonly extension: string;
  readonly body: Buffer;
}

const maxBytes = 256_000;

/** Kinds of images by how they begin, as latin1. */
const kinds: readonly (Omit<Logo, 'body'> & { readonly begins: RegExp })[] = [
  { type: 'image/png', extension: 'png', begins: /^\x89PNG\r\n/ },
  { type: 'image/jpeg', extension: 'jpg', begins: /^\xff\xd8\xff/ },
  { type: 'image/webp', extension: 'webp', begins: /^RIFF[\s\S]{4}WEBP/ },
  {
    type: 'image/svg+xml',
    extension: 'svg',
    begins: /^(?:\xef\xbb\xbf)?\s*<(?:svg[\s>]|[?!][\s\S]*?<svg[\s>])/,
  },
];

/**
 * Reads an image from a file. What it is goes by its content, not by its name.
 *
 * @throws ConfigError when there is no such file, or none that can be a logo
 */
export async function readLogo(file: string): Promise<Logo> {
  const refuse = (message: string) =>
    new ConfigError([{ file, line: 0, column: 0, path: '', message: `oauth.pages.logo: ${message}` }]);
  const body = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw refuse(error.code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${error.code})`);
  });
  if (body.length > maxBytes) {
    throw refuse(`the file has ${Math.ceil(body.length / 1_000)} kB; up to ${maxBytes / 1_000} kB are possible`);
  }
  const head = body.toString('latin1');
  const kind = kinds.find(({ begins }) => begins.test(head));
  if (kind === undefined) throw refuse('this is no SVG, PNG, JPEG or WebP image');
  return { type: kind.type, extension: kind.extension, body };
}
