import { STATUS_CODES } from 'node:http';
import type { GatewayError } from './gateway-error.ts';

/** The body of an error reply on a proxied route (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly [member: string]: unknown;
}

/** The media type of {@link Problem} (RFC 9457 §3). */
export const problemMediaType = 'application/problem+json';

/** Describes a failure to the caller: public text and the request id, nothing internal. */
export function describeProblem(error: GatewayError, requestId: string): Problem {
  return {
    ...error.members,
    type: `urn:garita:problem:${error.code.slice('GW_'.length).toLowerCase().replaceAll('_', '-')}`,
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    detail: error.message,
    code: error.code,
    requestId,
  };
}
