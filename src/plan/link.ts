import { suggest } from '../config/closest.ts';
import type { ConfigProblem } from '../config/problem.ts';
import { capturesOf, type RouteMatch } from '../config/route-match.ts';
import type { Access, Config, PolicyUse, RouteConfig, ServiceConfig } from '../config/schema.ts';
import type { ConfigSource } from '../config/source.ts';
import type { Policy, PolicyPlace, PolicyRoute } from '../policies/policy.ts';
import { balancers } from '../services/balancing/index.ts';
import { findTwins } from './find-twins.ts';
import { compilePathPattern, compilePattern } from './pattern.ts';

/** A policy of a route with its options decoded and ready. */
export interface LinkedPolicy {
  readonly policy: Policy;
  readonly options: unknown;
}

/** A route with everything that it refers to. */
export interface LinkedRoute {
  readonly config: RouteConfig;
  readonly service: ServiceConfig;
  readonly access: Access;
  readonly facts: PolicyRoute;
  /** In the order in which they act. */
  readonly policies: readonly LinkedPolicy[];
}

/** What linking found: routes that can be built, and what is wrong with the others. */
export interface Linked {
  readonly routes: readonly LinkedRoute[];
  readonly problems: readonly ConfigProblem[];
}

type Path = readonly (string | number)[];

interface PlacedUse {
  readonly use: PolicyUse;
  readonly path: Path;
}

/**
 * Resolves what the parts of a configuration say about each other and about the parts of the gateway: balancers,
 * policies and their options, expressions, routes that no request could tell apart.
 */
export function link(config: Config, source: ConfigSource, policies: readonly Policy[]): Linked {
  const problems: ConfigProblem[] = [];
  const complain = (path: Path, message: string): void => void problems.push(source.problem(path, message));

  for (const [name, service] of Object.entries(config.services)) {
    const known = balancers.map((balancer) => balancer.name);
    if (known.includes(service.balance)) continue;
    complain(['services', name, 'balance'], `there is no balancer "${service.balance}"${hint(service.balance, known)}`);
  }
  const global = place(config.policies, ['policies']);
  const ofServices = new Map(
    Object.entries(config.services).map(([name, service]) => [
      name,
      place(service.policies, ['services', name, 'policies']),
    ]),
  );
  const decodeUse = createDecoder(source, policies, problems);
  // Those that no route uses are decoded too: a mistake in a spare service would show on a bad day.
  for (const placed of [...global, ...[...ofServices.values()].flat()]) decodeUse(placed);
  const complainTwice = ({ use, path }: PlacedUse): void =>
    complain(path, `a route can have "${use.use}" only once: another one stands in this list already`);
  for (const level of [global, ...ofServices.values()]) findRepeated(level, policies).forEach(complainTwice);

  // An inherited policy is objected to beside the first route that it does not fit, not beside each.
  const objected = new Set<PlacedUse>();
  const routes = config.routes.map((route, index): LinkedRoute => {
    const path: Path = ['routes', index];
    checkExpressions(route.match, (below, message) => complain([...path, 'match', ...below], message));
    const service = config.services[route.to.service]!;
    const access = (route.access ?? service.access)!;
    const facts: PolicyRoute = {
      id: route.id,
      methods: route.match.methods,
      params: capturesOf(route.match).parameters,
      isPublic: access.kind === 'public',
    };
    const own = place(route.policies, [...path, 'policies']);
    for (const placed of own) decodeUse(placed);
    findRepeated(own, policies).forEach(complainTwice);
    const uses = inherit([global, ofServices.get(route.to.service) ?? [], own]);
    const linked = uses.flatMap((placed) => {
      const decoded = decodeUse(placed);
      if (decoded === undefined) return [];
      const complaints = objected.has(placed)
        ? []
        : decoded.policy.check(decoded.options, facts, !own.includes(placed));
      for (const { path: below, message } of complaints) complain([...placed.path, 'with', ...below], message);
      if (complaints.length > 0) objected.add(placed);
      return [decoded];
    });
    linked.sort((a, b) => policies.indexOf(a.policy) - policies.indexOf(b.policy));
    return { config: route, service, access, facts, policies: linked };
  });

  for (const { first, second } of findTwins(config.routes)) {
    const other = config.routes[first]!.id;
    complain(['routes', second, 'match'], `takes the same requests as route ${other}: give one of them a priority`);
  }
  return { routes, problems };
}

const place = (uses: readonly PolicyUse[], path: Path): PlacedUse[] =>
  uses.map((use, index) => ({ use, path: [...path, index] }));

/** The nearest level that names a policy decides it: a route's uses of it replace the service's, those the global ones. */
function inherit(levels: readonly (readonly PlacedUse[])[]): PlacedUse[] {
  return levels
    .flatMap((level, index) => {
      const nearer = new Set(levels.slice(index + 1).flatMap((uses) => uses.map(({ use }) => use.use)));
      return level.filter(({ use }) => !nearer.has(use.use));
    })
    .filter(({ use }) => use.enabled);
}

/** Uses beside an earlier one of the same policy, of which a route can have only one. Levels replace each other. */
function findRepeated(level: readonly PlacedUse[], policies: readonly Policy[]): PlacedUse[] {
  const enabled = level.filter(({ use }) => use.enabled);
  return enabled.filter(({ use }, index) => {
    const first = enabled.findIndex((other) => other.use.use === use.use);
    return first < index && policies.find(({ name }) => name === use.use)?.single === true;
  });
}

/** Decodes each use once, however many routes inherit it, so that each problem is told once. */
function createDecoder(source: ConfigSource, policies: readonly Policy[], problems: ConfigProblem[]) {
  const decoded = new Map<PolicyUse, LinkedPolicy | undefined>();
  const shared = new Map<Policy, unknown>();
  return ({ use, path }: PlacedUse): LinkedPolicy | undefined => {
    if (decoded.has(use)) return decoded.get(use);
    const result = decodeNew(use, path);
    decoded.set(use, result);
    return result;
  };

  function shareOf(policy: Policy): PolicyPlace['share'] {
    return <State>(create: () => State) => {
      if (!shared.has(policy)) shared.set(policy, create());
      return shared.get(policy) as State;
    };
  }

  function decodeNew(use: PolicyUse, path: Path): LinkedPolicy | undefined {
    const policy = policies.find(({ name }) => name === use.use);
    if (policy === undefined) {
      const known = policies.map(({ name }) => name);
      problems.push(source.problem([...path, 'use'], `there is no policy "${use.use}"${hint(use.use, known)}`));
      return undefined;
    }
    // "enabled: false" only takes an inherited policy away: it needs no options.
    if (!use.enabled) return undefined;
    const options = source.decode(policy.options, use.with, [...path, 'with']);
    if (!options.ok) {
      problems.push(...options.problems);
      return undefined;
    }
    const prepared = policy.prepare(options.value, { folder: source.folder, share: shareOf(policy) });
    if ('ready' in prepared) return { policy, options: prepared.ready };
    for (const { path: below, message } of prepared.complaints)
      problems.push(source.problem([...path, 'with', ...below], message));
    return undefined;
  }
}

const hint = (name: string, known: readonly string[]): string =>
  suggest(name, known) || `: known are ${known.join(', ')}`;

function checkExpressions(match: RouteMatch, complain: (path: Path, message: string) => void): void {
  const check = (compile: (source: string) => unknown, source: string, path: Path): void => {
    try {
      compile(source);
    } catch (error) {
      complain(path, `not an RE2 expression: ${(error as Error).message}`);
    }
  };
  if (match.pattern !== undefined) check(compilePathPattern, match.pattern, ['pattern']);
  for (const kind of ['headers', 'query'] as const) {
    for (const [name, condition] of Object.entries(match[kind] ?? {})) {
      if (typeof condition === 'object' && 'pattern' in condition) {
        check(compilePattern, condition.pattern, [kind, name, 'pattern']);
      }
    }
  }
}
