import { type ErrorCode, errorCodes } from './codes.ts';

/** What may go along with an error, and where each part of it ends up. */
export interface GatewayErrorOptions {
  /** One sentence for the caller. Public: nothing internal in it. Default: the code's own text. */
  readonly detail?: string;
  /** Header fields of the answer: flat name, value pairs. */
  readonly headers?: readonly string[];
  /** Further members of the problem document. Public. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Why: for the log only, never for the caller. */
  readonly cause?: unknown;
}

/** A request that ends here, with a stable code that callers and operators can look up in docs/errors.md. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly headers: readonly string[];
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, options: GatewayErrorOptions = {}) {
    super(
      options.detail ?? errorCodes[code].detail,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'GatewayError';
    this.code = code;
    this.status = errorCodes[code].status;
    this.headers = options.headers ?? [];
    this.members = options.members ?? {};
  }
}
