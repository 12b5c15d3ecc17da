/** The error codes of this server's OAuth endpoints (RFC 6749 §5.2 and §4.1.2.1, RFC 8707 §2) with their usual status. */
const statuses = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  invalid_scope: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  unsupported_response_type: 400,
  access_denied: 400,
  invalid_target: 400,
  server_error: 500,
  temporarily_unavailable: 503,
} as const;

/** The `error` of an answer (RFC 6749 §5.2). */
export type OAuthErrorCode = keyof typeof statuses;

/** What may go along with an {@link OAuthError}. */
export interface OAuthErrorOptions {
  /** Where HTTP has a better status than the code's usual one. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Why: for the log only. */
  readonly cause?: unknown;
}

/** A refusal by an OAuth endpoint. The description is a fixed text: public, and never made of what the caller sent. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: OAuthErrorCode, description: string, options: OAuthErrorOptions = {}) {
    super(description, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OAuthError';
    this.code = code;
    this.status = options.status ?? statuses[code];
    this.headers = options.headers ?? {};
  }
}
