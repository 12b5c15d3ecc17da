/** A route of the matcher's benchmark: exactly one of the two is given. */
export interface SampleRoute {
  readonly id: string;
  /** Such as `/api/v1/orders/{id}`; `*` at the end stands for the rest. */
  readonly template?: string;
  /** Anchored at both ends, with named groups. */
  readonly expression?: string;
}

/** The id of the route that a GET of this path matches. */
export type FindRoute = (path: string) => string | undefined;

/** A matcher whose speed is compared: one file of this folder, one line in `matcher.ts`. */
export interface MatcherContender {
  readonly name: string;
  /** Whether it takes part with expressions, too. */
  readonly expressions: boolean;
  build(routes: readonly SampleRoute[]): FindRoute;
}
