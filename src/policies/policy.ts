import type { RequestHandler } from 'express';
import type { ZodType } from 'zod';
import type { Forward } from '../model/exchange.ts';
import type { ResponseCache } from './cache/response-cache.ts';

/** What a policy may know of the route that it is made for. */
export interface PolicyRoute {
  readonly id: string;
  readonly methods: readonly string[] | undefined;
  /** Names that the route's path captures. */
  readonly params: ReadonlySet<string>;
  /** Whether callers are anonymous here. */
  readonly isPublic: boolean;
}

/** What a policy works with. */
export interface PolicyContext {
  readonly route: PolicyRoute;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** The gateway's own name, for fields such as `Cache-Status`. */
  readonly gatewayName: string;
  readonly responseCache: ResponseCache;
  /**
   * State that all routes have in common which inherit this use of the policy from their service or from the global
   * list: made by the first of them.
   */
  readonly share: <State>(create: () => State) => State;
}

/** A policy at work on one route: a guard, a wrap, or both. */
export interface ActivePolicy {
  /** An Express handler. It answers by `next(error)` or by itself; `next()` lets the request pass. */
  readonly guard?: RequestHandler;
  /** Stands around the forwarding: may answer in its place, change what comes back, or look on. */
  readonly wrap?: (next: Forward) => Forward;
}

/** Something about the options that only shows beside the route. `path` is relative to the options. */
export interface PolicyComplaint {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A kind of policy: what `use:` names in the configuration. */
export interface Policy {
  readonly name: string;
  /** Decodes `with:`. */
  readonly options: ZodType;
  /** What is wrong with these options beside this route. An inherited use may meet routes that it cannot mean anything for. */
  check(options: unknown, route: PolicyRoute, inherited: boolean): readonly PolicyComplaint[];
  create(options: unknown, context: PolicyContext): ActivePolicy;
}

/** Ties a policy's options type to its schema, and forgets it again for the list of all policies. */
export function definePolicy<Schema extends ZodType>(policy: {
  readonly name: string;
  readonly options: Schema;
  readonly check?: (options: Schema['_output'], route: PolicyRoute, inherited: boolean) => readonly PolicyComplaint[];
  readonly create: (options: Schema['_output'], context: PolicyContext) => ActivePolicy;
}): Policy {
  return {
    name: policy.name,
    options: policy.options,
    check: (options, route, inherited) => policy.check?.(options as Schema['_output'], route, inherited) ?? [],
    create: (options, context) => policy.create(options as Schema['_output'], context),
  };
}
