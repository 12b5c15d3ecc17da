import type { Failure } from '../../errors/problem.ts';

/** Every way in which the admin API refuses: stable code → status and what the operator reads. */
export const adminCodes = {
  ADMIN_BAD_REQUEST: { status: 400, detail: 'The request is malformed.' },
  ADMIN_INVALID: { status: 400, detail: 'What was sent cannot be taken: errors says what is wrong with each field.' },
  ADMIN_UNAUTHENTICATED: {
    status: 401,
    detail: 'Send Authorization: Bearer with an access token of this gateway, or with the admin token.',
  },
  ADMIN_CROSS_SITE: { status: 403, detail: 'Web pages of other sites may not use this API.' },
  ADMIN_FORBIDDEN: { status: 403, detail: 'The access token lacks the scope garita:admin.' },
  ADMIN_NOT_FOUND: { status: 404, detail: 'There is no such thing.' },
  ADMIN_UNKNOWN_PATH: { status: 404, detail: 'Nothing is served here: /admin/openapi.json says what is.' },
  ADMIN_METHOD_NOT_ALLOWED: { status: 405, detail: 'This resource does not support this method.' },
  ADMIN_CONFLICT: { status: 409, detail: 'This contradicts what there is.' },
  ADMIN_UNSUPPORTED: { status: 409, detail: 'The configuration of this gateway does not support this.' },
  ADMIN_BODY_TOO_LARGE: { status: 413, detail: 'A body has at most 64 kB here.' },
  ADMIN_MEDIA_TYPE: { status: 415, detail: 'Send the body as application/json, not compressed.' },
  ADMIN_WRONG_HOST: {
    status: 421,
    detail: 'This listener is not known by this name. If it should be, add the name to admin.hosts.',
  },
  ADMIN_THROTTLED: {
    status: 429,
    detail: 'Too many failed attempts from this address. Try again after the time in Retry-After.',
  },
  ADMIN_FAILED: { status: 500, detail: 'The gateway failed. The request id finds the reason in its log.' },
  ADMIN_UNAVAILABLE: {
    status: 503,
    detail: 'This cannot be done right now; the request id finds the reason in the log. Try again after Retry-After.',
  },
} as const satisfies Record<string, { status: number; detail: string }>;

/** A stable name for one kind of refusal. */
export type AdminCode = keyof typeof adminCodes;

/** What may go along with a refusal. */
export interface AdminErrorOptions {
  /** For the operator. Default: the code's own text. */
  readonly detail?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is wrong, by path. */
  readonly errors?: Readonly<Record<string, string>>;
  /** For the log only. */
  readonly cause?: unknown;
}

/** A request to the admin API that ends here. */
export class AdminError extends Error implements Failure {
  readonly code: AdminCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly members: Failure['members'];

  constructor(code: AdminCode, { detail, headers = {}, errors, cause }: AdminErrorOptions = {}) {
    super(detail ?? adminCodes[code].detail, cause === undefined ? undefined : { cause });
    this.name = 'AdminError';
    this.code = code;
    this.status = adminCodes[code].status;
    this.headers = headers;
    this.members = errors === undefined ? {} : { errors };
  }
}
