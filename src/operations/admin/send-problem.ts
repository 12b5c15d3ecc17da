import type { ErrorRequestHandler } from 'express';
import { describeProblem, problemMediaType } from '../../errors/problem.ts';
import { AdministrationError } from '../../oauth/administration/administration.ts';
import { HasherBusyError } from '../../oauth/users/password-hasher.ts';
import { StoreError } from '../../stores/store-error.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { type AdminCode, AdminError } from './admin-error.ts';

const codes = {
  invalid: 'ADMIN_INVALID',
  'not-found': 'ADMIN_NOT_FOUND',
  conflict: 'ADMIN_CONFLICT',
  unsupported: 'ADMIN_UNSUPPORTED',
} as const satisfies Record<AdministrationError['problem'], AdminCode>;

/** When to come back after a failure of the store, in seconds. */
const retryAfter = '5';

/** The last step: tells the operator what is wrong, and the log why, where that is nothing that they can mend. */
export function sendProblem(log: Pick<Logger, 'error'>): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const refusal = toAdminError(error);
    const requestId = response.locals.requestId as string;
    if (refusal.status >= 500) {
      log.error('a request to the admin API failed', { id: requestId, path: request.path, error: refusal.cause });
    }
    if (response.headersSent) return void response.destroy();
    response
      .status(refusal.status)
      .set(refusal.headers)
      .set('Content-Type', problemMediaType)
      .send(Buffer.from(JSON.stringify(describeProblem(refusal, requestId))));
  };
}

function toAdminError(error: unknown): AdminError {
  if (error instanceof AdminError) return error;
  if (error instanceof AdministrationError) {
    const { problem, message, fields } = error;
    return new AdminError(codes[problem], { detail: message, ...(problem === 'invalid' && { errors: fields }) });
  }
  if (error instanceof StoreError) {
    return new AdminError('ADMIN_UNAVAILABLE', { headers: { 'Retry-After': retryAfter }, cause: error });
  }
  if (error instanceof HasherBusyError) {
    return new AdminError('ADMIN_UNAVAILABLE', { headers: { 'Retry-After': String(error.retryAfter) }, cause: error });
  }
  // Errors that Express makes, of a path that cannot be decoded, carry a status.
  const { status } = (error ?? {}) as { status?: unknown };
  return status === 400 ? new AdminError('ADMIN_BAD_REQUEST') : new AdminError('ADMIN_FAILED', { cause: error });
}
