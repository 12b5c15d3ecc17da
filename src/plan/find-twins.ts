import { parsePathTemplate } from '../config/path-template.ts';
import type { RouteConfig, RouteMatch } from '../config/schema.ts';

/** Two routes, by their place in the list. */
export interface Twins {
  readonly first: number;
  readonly second: number;
}

/**
 * Pairs of routes that some request would fit equally: same path, same conditions, same priority, and a method and a
 * host in common. Which of them answers would be an accident of their order.
 */
export function findTwins(routes: readonly RouteConfig[]): Twins[] {
  const alike = new Map<string, number[]>();
  for (const [index, { match, priority }] of routes.entries()) {
    const key = JSON.stringify([shapeOf(match), priority, sorted(match.headers), sorted(match.query)]);
    const group = alike.get(key);
    if (group === undefined) alike.set(key, [index]);
    else group.push(index);
  }
  return [...alike.values()].flatMap((group) =>
    group.flatMap((second, place) => {
      const first = group.slice(0, place).find((earlier) => overlap(routes[earlier]!.match, routes[second]!.match));
      return first === undefined ? [] : [{ first, second }];
    }),
  );
}

/** The path without the names of its parameters, which make no difference to what it matches. */
function shapeOf({ path, pattern }: RouteMatch): string {
  const template = path === undefined ? undefined : parsePathTemplate(path);
  if (template === undefined || typeof template === 'string') return `${path ?? pattern}`;
  const segments = template.segments.map((segment) => ('literal' in segment ? segment.literal : '{}'));
  return `/${[...segments, ...(template.wildcard ? ['*'] : [])].join('/')}`;
}

const sorted = (conditions: Readonly<Record<string, unknown>> = {}) =>
  Object.entries(conditions).sort(([a], [b]) => (a < b ? -1 : 1));

function overlap(a: RouteMatch, b: RouteMatch): boolean {
  // Hosts of different exactness are told apart: only the very same name, or both taking any, is a tie.
  const hosts = a.hosts === undefined || b.hosts === undefined ? a.hosts === b.hosts : share(a.hosts, b.hosts);
  return hosts && (a.methods === undefined || b.methods === undefined || share(taken(a.methods), taken(b.methods)));
}

const taken = (methods: readonly string[]): readonly string[] =>
  methods.includes('GET') ? [...methods, 'HEAD'] : methods;

const share = (a: readonly string[], b: readonly string[]): boolean => a.some((item) => b.includes(item));
