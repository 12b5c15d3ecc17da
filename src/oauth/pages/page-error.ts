/** Why a page cannot be shown, with the status that says so to programs. People get a text for each. */
const statuses = {
  'unknown-client': 400,
  'bad-redirect': 400,
  'bad-request': 400,
  stale: 400,
  forged: 403,
  failed: 500,
  unavailable: 503,
} as const;

/** What went wrong, as far as a person needs to know. */
export type PageProblem = keyof typeof statuses;

/** Ends a request with a page that says what to do. It leads nowhere: no redirect, nothing of what the caller sent. */
export class PageError extends Error {
  readonly problem: PageProblem;
  readonly status: number;

  constructor(problem: PageProblem, options?: ErrorOptions) {
    super(problem, options);
    this.name = 'PageError';
    this.problem = problem;
    this.status = statuses[problem];
  }
}
