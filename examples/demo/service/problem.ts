/** One wrong field of a body. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

interface ProblemExtras {
  readonly headers?: Record<string, string>;
  /** A stable name for programs, where the status alone does not say which case it is. */
  readonly code?: string;
  readonly errors?: readonly FieldError[];
}

/** A refusal: thrown by a handler, sent as problem details (RFC 9457). `detail` is read by the caller. */
export class Problem extends Error {
  readonly status: number;
  readonly extras: ProblemExtras;

  constructor(status: number, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.status = status;
    this.extras = extras;
  }
}
