import type { Access, Condition } from '../../config/schema.ts';
import type { LinkedRoute } from '../../plan/link.ts';

/** A route as operators see it: with what it inherits from its service and from all routes. */
export interface RouteView {
  readonly id: string;
  readonly methods?: readonly string[];
  readonly hosts?: readonly string[];
  /** Exactly one of `path` and `pattern` is there. */
  readonly path?: string;
  readonly pattern?: string;
  readonly headers?: Readonly<Record<string, Condition>>;
  readonly query?: Readonly<Record<string, Condition>>;
  readonly priority: number;
  readonly service: string;
  /** The path at the service, where it is another one. */
  readonly to?: string;
  readonly access: Access;
  /** Names, in the order in which they act. */
  readonly policies: readonly string[];
}

/** Describes the routes of a linked configuration, in its order. */
export function describeRoutes(routes: readonly LinkedRoute[]): readonly RouteView[] {
  return routes.map(({ config: { id, match, priority, to }, access, policies }) => ({
    id,
    ...match,
    priority,
    service: to.service,
    ...(to.path !== undefined && { to: to.path }),
    access,
    policies: policies.map(({ policy }) => policy.name),
  }));
}
