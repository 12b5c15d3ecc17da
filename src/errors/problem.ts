import { STATUS_CODES } from 'node:http';

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

/** What is told of a failure: all of it public. */
export interface Failure {
  /** A stable name in capitals. `GW_` is what the gateway itself says, and goes without saying in `type`. */
  readonly code: string;
  readonly status: number;
  readonly message: string;
  /** Further members of the document. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** Describes a failure to the caller: public text and the request id, nothing internal. */
export function describeProblem({ code, status, message, members }: Failure, requestId: string): Problem {
  return {
    ...members,
    type: `urn:garita:problem:${code.replace(/^GW_/, '').toLowerCase().replaceAll('_', '-')}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    code,
    requestId,
  };
}
