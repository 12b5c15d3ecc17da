import express, { type Request, type Response } from 'express';
import { OAuthError } from './oauth-error.ts';

/** The parameters of a form body. One that was sent empty counts as absent (RFC 6749 §3.2). */
export type Form = ReadonlyMap<string, string>;

const maxBytes = 8_192;
const mediaType = /^application\/x-www-form-urlencoded[ \t]*(;[ \t]*charset="?utf-8"?[ \t]*)?$/i;

const readRaw = express.raw({ type: () => true, limit: maxBytes, inflate: false });

/**
 * Reads the body of a request to an OAuth endpoint (RFC 6749 §3.2, Appendix B).
 *
 * @throws OAuthError when it is not a small form, or repeats a parameter.
 */
export const readForm = async (req: Request, res: Response): Promise<Form> => parseForm(await readBody(req, res));

/**
 * Reads the parameters of a GET from its query, those of a POST from its body (RFC 6749 §3.1).
 *
 * @throws OAuthError when they cannot be read.
 */
export async function readParameters(req: Request, res: Response): Promise<Parameters> {
  if (req.method === 'POST') return parseParameters(await readBody(req, res));
  const query = req.url.indexOf('?');
  return parseParameters(query === -1 ? new Uint8Array() : Buffer.from(req.url.slice(query + 1), 'latin1'));
}

/** Asked again, it gives the body again. */
async function readBody(req: Request, res: Response): Promise<Uint8Array> {
  if (!mediaType.test(req.headers['content-type'] ?? '')) {
    throw new OAuthError('invalid_request', 'The body must be application/x-www-form-urlencoded, in UTF-8.');
  }
  if (Buffer.isBuffer(req.body)) return req.body;
  await new Promise<void>((resolve, reject) => {
    readRaw(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(toOAuthError(error))));
  });
  return Buffer.isBuffer(req.body) ? req.body : new Uint8Array();
}

/**
 * Parses `application/x-www-form-urlencoded`, strictly.
 *
 * @throws OAuthError where lenient parsers would guess: broken UTF-8 or percent-encoding, a name that comes twice.
 */
export function parseForm(body: Uint8Array): Form {
  const { form, repeated } = parseParameters(body);
  const [first] = repeated;
  if (first !== undefined) throw parameterRepeated(first);
  return form;
}

/** Parameters, and the names of those that came more than once: `form` has the first of them. */
export interface Parameters {
  readonly form: Form;
  readonly repeated: ReadonlySet<string>;
}

/**
 * Parses like {@link parseForm}, but leaves it to the caller what to do about repeated names.
 *
 * @throws OAuthError on broken UTF-8 or percent-encoding.
 */
export function parseParameters(text: Uint8Array): Parameters {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  const form = new Map<string, string>();
  for (const pair of decodeUtf8(text).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decodeFormComponent(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? '' : decodeFormComponent(pair.slice(equals + 1));
    if (seen.has(name)) repeated.add(name);
    else if (value !== '') form.set(name, value);
    seen.add(name);
  }
  return { form, repeated };
}

/** A parameter came more than once. Several resources are a request that cannot be served here (RFC 8707 §2). */
export const parameterRepeated = (name: string): OAuthError =>
  name === 'resource'
    ? new OAuthError('invalid_target', 'A token is for one resource: ask for one at a time.')
    : new OAuthError('invalid_request', 'A parameter appears more than once.');

/**
 * Undoes the encoding of one name or value of a form (RFC 6749 Appendix B).
 *
 * @throws OAuthError on broken percent-encoding.
 */
export function decodeFormComponent(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw new OAuthError('invalid_request', 'A value is not correctly percent-encoded UTF-8.', { cause });
  }
}

/** @throws OAuthError when the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new OAuthError('invalid_request', 'The text is not UTF-8.', { cause });
  }
}

function toOAuthError(error: unknown): OAuthError {
  return (error as { status?: unknown }).status === 413
    ? new OAuthError('invalid_request', 'The body is too large.', {
        status: 413,
        headers: { Connection: 'close' },
        cause: error,
      })
    : new OAuthError('invalid_request', 'The body cannot be read.', { cause: error });
}
