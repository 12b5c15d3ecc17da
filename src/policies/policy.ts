import type { RequestHandler } from 'express';
import type { ZodType } from 'zod';
import type { Exchange, Forward } from '../model/exchange.ts';
import type { Reply } from '../model/reply.ts';
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

/** A browser's question whether a page of another origin may send a request (the Fetch Standard §3.3.2). */
export interface Preflight {
  readonly origin: string;
  readonly method: string;
  /** Names of the header fields that it wants to send. */
  readonly headers: readonly string[];
}

/** What a route says to the pages of other origins (CORS, the Fetch Standard §3.3), before it is known who is asking. */
export interface CrossOrigin {
  readonly admits: (origin: string) => boolean;
  /** Gives the exchange the fields that every reply of the route has, refusals and cached replies too. */
  readonly announce: (exchange: Exchange) => void;
  /** The answer to a preflight of an admitted origin. */
  readonly answer: (preflight: Preflight) => Reply;
}

/** A policy at work on one route: a guard, a wrap, or both. */
export interface ActivePolicy {
  readonly crossOrigin?: CrossOrigin;
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

/** What a policy may use to get its options ready. */
export interface PolicyPlace {
  /** The folder that files named in the options are relative to, as an absolute path. */
  readonly folder: string;
  /** What all uses of the policy in one configuration have in common: made by the first of them. */
  readonly share: <State>(create: () => State) => State;
}

/** Options that a policy can work with, or everything that is wrong with them. */
export type Prepared<Ready> = { readonly ready: Ready } | { readonly complaints: readonly PolicyComplaint[] };

/** A kind of policy: what `use:` names in the configuration. */
export interface Policy {
  readonly name: string;
  /** Decodes `with:`. */
  readonly options: ZodType;
  /** Whether a route can have it only once. */
  readonly single: boolean;
  /** Gets decoded options ready, once for each place in the configuration: files to read, schemas to compile. */
  prepare(options: unknown, place: PolicyPlace): Prepared<unknown>;
  /** What is wrong with these options beside this route. An inherited use may meet routes that it cannot mean anything for. */
  check(ready: unknown, route: PolicyRoute, inherited: boolean): readonly PolicyComplaint[];
  create(ready: unknown, context: PolicyContext): ActivePolicy;
}

/**
 * Ties a policy's options type to its schema, and forgets it again for the list of all policies. Without a `prepare` of
 * its own a policy works with its options as they were decoded.
 */
export function definePolicy<Schema extends ZodType, Ready = Schema['_output']>(policy: {
  readonly name: string;
  readonly options: Schema;
  readonly single?: boolean;
  readonly prepare?: (options: Schema['_output'], place: PolicyPlace) => Prepared<Ready>;
  readonly check?: (ready: Ready, route: PolicyRoute, inherited: boolean) => readonly PolicyComplaint[];
  readonly create: (ready: Ready, context: PolicyContext) => ActivePolicy;
}): Policy {
  return {
    name: policy.name,
    options: policy.options,
    single: policy.single ?? false,
    prepare: (options, place) => policy.prepare?.(options as Schema['_output'], place) ?? { ready: options },
    check: (ready, route, inherited) => policy.check?.(ready as Ready, route, inherited) ?? [],
    create: (ready, context) => policy.create(ready as Ready, context),
  };
}
