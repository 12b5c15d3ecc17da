import express, { type Request, type Response } from 'express';
import { AdminError } from './admin-error.ts';

const parse = express.json({ limit: 64_000, inflate: false, type: 'application/json' });

/**
 * The JSON body of a request; undefined when it has none. Rejects with an AdminError for another media type, and for
 * what is no JSON or too much.
 */
export async function readBody(request: Request, response: Response): Promise<unknown> {
  const { headers } = request;
  if (headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0') return undefined;
  if (request.is('application/json') === false) throw new AdminError('ADMIN_MEDIA_TYPE');
  if (headers.expect !== undefined) response.writeContinue();
  const error = await new Promise<unknown>((resolve) => parse(request, response, resolve));
  if (error !== undefined) throw explain(error);
  return request.body as unknown;
}

/** The parser's own messages repeat what was sent: they go nowhere. */
function explain(error: unknown): AdminError {
  const { status } = error as { status?: unknown };
  if (status === 413) return new AdminError('ADMIN_BODY_TOO_LARGE');
  if (status === 415) return new AdminError('ADMIN_MEDIA_TYPE');
  return new AdminError('ADMIN_BAD_REQUEST', { detail: 'The body is not a JSON object.' });
}
