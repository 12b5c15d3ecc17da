import type { Response } from 'express';
import { StoreError } from '../stores/store-error.ts';
import type { OAuthLog } from './log.ts';
import { OAuthError } from './oauth-error.ts';

/** When to come back after a failure of the store, in seconds. */
const retryAfter = '5';

/** Answers with the error document of RFC 6749 §5.2. Whatever is not an OAuthError goes to the log and stays there. */
export function sendError(res: Response, error: unknown, log: OAuthLog): void {
  const refusal = toOAuthError(error);
  if (refusal.status >= 500) log.error('an endpoint of OAuth failed', { path: res.req.path, error: refusal.cause });
  res.status(refusal.status).set(refusal.headers).json({ error: refusal.code, error_description: refusal.message });
}

/** Is it a failure that passes? */
export const isUnavailable = (error: unknown): boolean => error instanceof StoreError;

/** What callers may know of an error: of one that is not meant for them, no more than whether to try again. */
export function toOAuthError(error: unknown): OAuthError {
  if (error instanceof OAuthError) return error;
  if (!isUnavailable(error)) {
    return new OAuthError('server_error', 'The server failed. Its log has the reason.', { cause: error });
  }
  const description = 'The server cannot do this right now. Try again after the time in Retry-After.';
  return new OAuthError('temporarily_unavailable', description, {
    headers: { 'Retry-After': retryAfter },
    cause: error,
  });
}
