import { ConfigError } from '../config/problem.ts';
import type { Config } from '../config/schema.ts';
import type { ConfigSource } from '../config/source.ts';
import { createForward } from '../forwarding/forward.ts';
import { mapPaths } from '../forwarding/location.ts';
import type { Tunnels } from '../forwarding/tunnels.ts';
import { createUpgrade } from '../forwarding/upgrade.ts';
import type { Exchange, Forward } from '../model/exchange.ts';
import { authenticate, type VerifyToken } from '../policies/authenticate.ts';
import type { ResponseCache } from '../policies/cache/response-cache.ts';
import { policies } from '../policies/index.ts';
import type { Policy } from '../policies/policy.ts';
import { requireAccess } from '../policies/require-access.ts';
import { balancers } from '../services/balancing/index.ts';
import { discoverStatic } from '../services/discovery/static.ts';
import type { InstanceRegistry } from '../services/instance-registry.ts';
import type { InstanceState } from '../services/instance-state.ts';
import { Pool } from '../services/pool.ts';
import type { Transport } from '../transport/transport.ts';
import { type LinkedPolicy, type LinkedRoute, link } from './link.ts';
import { compileMatcher } from './matcher.ts';
import type { Plan, RoutePlan } from './plan.ts';
import { compileUpstreamPath } from './upstream-path.ts';

/** The parts of a running gateway that plans are built on, and that outlive each of them. */
export interface PlanContext {
  /** What the instances of a service are reached by. */
  readonly transportOf: (service: string) => Transport;
  readonly tunnels: Tunnels;
  readonly registry: InstanceRegistry;
  readonly responseCache: ResponseCache;
  /** Makes what verifies the tokens of a route, by the issuers that its rule accepts. */
  readonly verifierOf: (issuers: readonly string[] | undefined) => VerifyToken;
  /** What this gateway calls itself in `Via`. */
  readonly pseudonym: string;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** Wall clock, in seconds since the epoch. */
  readonly seconds: () => number;
  readonly random: () => number;
  readonly onRetry: (service: string) => void;
  /** A WebSocket stands. */
  readonly onTunnel: (exchange: Exchange) => void;
  readonly onReachability: (service: string, state: InstanceState, reachable: boolean, reason?: Error) => void;
}

/**
 * Finds everything that decoding alone cannot: throws {@link ConfigError} with all of it.
 * @param further policies beside Garita's own; they act after those
 */
export function linkConfig(
  config: Config,
  source: ConfigSource,
  further: readonly Policy[] = [],
): readonly LinkedRoute[] {
  const { routes, problems } = link(config, source, [...policies, ...further]);
  if (problems.length > 0) throw new ConfigError(problems);
  return routes;
}

/** Builds what {@link linkConfig} found to be right. */
export function compilePlan(config: Config, linked: readonly LinkedRoute[], context: PlanContext): Plan {
  const { pools, unwatch } = openPools(config, context);
  const shared = new SharedState();
  const plans = linked.map((route) => ({ linked: route, plan: buildRoute(route, pools, config, context, shared) }));
  const matcher = compileMatcher(
    plans.map(({ linked: { config: route }, plan }) => ({ match: route.match, priority: route.priority, value: plan })),
  );
  return Object.freeze({
    matcher,
    routes: plans.map(({ plan }) => plan),
    close: () => unwatch.forEach((end) => void end()),
  });
}

function openPools(config: Config, { registry, random }: PlanContext) {
  const pools = new Map<string, Pool>();
  const unwatch = Object.entries(config.services).map(([name, service]) => {
    const kind = balancers.find((balancer) => balancer.name === service.balance)!;
    const pool = new Pool(name, kind.create(random));
    pools.set(name, pool);
    return discoverStatic(service.instances).watch((instances) => {
      pool.update(instances, (instance) => registry.stateOf(name, instance));
    });
  });
  return { pools, unwatch };
}

function buildRoute(
  route: LinkedRoute,
  pools: ReadonlyMap<string, Pool>,
  config: Config,
  context: PlanContext,
  shared: SharedState,
): RoutePlan {
  const { service, access, facts } = route;
  const name = route.config.to.service;
  const active = route.policies.map((linkedPolicy) =>
    linkedPolicy.policy.create(linkedPolicy.options, {
      route: facts,
      gatewayName: config.name,
      clock: context.clock,
      responseCache: context.responseCache,
      share: (create) => shared.of(linkedPolicy, create),
    }),
  );
  const { match, to } = route.config;
  const reaching = {
    pool: pools.get(name)!,
    pathOf: compileUpstreamPath(match, to.path),
    headers: { preserveHost: service.preserveHost, forwardToken: service.forwardToken, pseudonym: context.pseudonym },
    clock: context.clock,
    transport: context.transportOf(name),
    timeouts: service.timeouts,
    paths: mapPaths(match.path, to.path),
    total: service.timeouts.total,
    onReachability: (state: InstanceState, reachable: boolean, reason?: Error) =>
      context.onReachability(name, state, reachable, reason),
  };
  const forward = createForward({
    ...reaching,
    onRetry: context.onRetry,
  });
  const entry =
    access.kind === 'public'
      ? []
      : [
          authenticate(context.verifierOf(access.issuers), config.name, access.protocolToken),
          requireAccess(access, config.name),
        ];
  return Object.freeze({
    id: route.config.id,
    service: name,
    crossOrigin: active.find(({ crossOrigin }) => crossOrigin !== undefined)?.crossOrigin,
    guards: [...entry, ...active.flatMap(({ guard }) => guard ?? [])],
    forward: active.reduceRight<Forward>((inner, { wrap }) => wrap?.(inner) ?? inner, forward),
    tunnel: createUpgrade({
      ...reaching,
      tunnels: context.tunnels,
      seconds: context.seconds,
      onTunnel: context.onTunnel,
    }),
  });
}

/** What the routes that inherit one use of a policy have in common: a limit on a service counts all its routes together. */
class SharedState {
  readonly #states = new Map<LinkedPolicy, unknown>();

  of<State>(use: LinkedPolicy, create: () => State): State {
    if (!this.#states.has(use)) this.#states.set(use, create());
    return this.#states.get(use) as State;
  }
}
