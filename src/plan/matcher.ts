import { parsePathTemplate } from '../config/path-template.ts';
import type { RouteMatch } from '../config/schema.ts';
import { type Asked, type Conditions, compileConditions } from './conditions.ts';
import { compilePathPattern, type Pattern, splitPattern } from './pattern.ts';
import { type Captures, RouteTree } from './route-tree.ts';

/** A route as the matcher takes it. */
export interface MatchEntry<T> {
  readonly match: RouteMatch;
  /** The higher one wins where two routes match. */
  readonly priority: number;
  readonly value: T;
}

/** A request as the matcher sees it. */
export interface MatchQuestion extends Asked {
  readonly method: string;
  /** Effective host in lower case, with or without a port. */
  readonly host: string;
  /** Canonical path. */
  readonly path: string;
}

/** What the matcher says: a route, or the methods that this path would take, or nothing at all. */
export type Match<T> =
  | { readonly kind: 'route'; readonly value: T; readonly captures: Captures }
  | { readonly kind: 'method'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' };

/** Finds the route of a request. */
export interface Matcher<T> {
  find(question: MatchQuestion): Match<T>;
  /**
   * The routes that a request may take whose header fields are not known yet, best first: those with conditions on
   * fields, up to the first one that has none and so takes what they leave.
   */
  foresee(question: Omit<MatchQuestion, 'headers'>): readonly T[];
}

interface Candidate<T> {
  readonly value: T;
  readonly priority: number;
  /** Undefined takes every method. */
  readonly methods: ReadonlySet<string> | undefined;
  readonly conditions: Conditions | undefined;
  /** Those that hold or not whatever the header fields are; the very same where there are no others. */
  readonly foreseeable: Conditions | undefined;
}

const nothing = { kind: 'none' } as const;

/**
 * Compiles routes. Of those that match a request wins: the highest priority; then the host (named, wildcard with the
 * longest suffix, any); then the path, segment by segment (literal, expression, parameter, wildcard); then the one
 * with conditions; then the first in order. Throws on an invalid template or expression: the linker has found them.
 */
export function compileMatcher<T>(entries: readonly MatchEntry<T>[]): Matcher<T> {
  const trees = new Map<string, RouteTree<Candidate<T>>>();
  const shared = createShared();
  // Stable: what has conditions is asked before what has none, otherwise the order of the file stays.
  for (const entry of entries.toSorted((a, b) => countConditions(b.match) - countConditions(a.match))) {
    for (const host of entry.match.hosts ?? ['*']) {
      const tree = trees.get(host) ?? new RouteTree();
      trees.set(host, tree);
      add(tree, entry, shared);
    }
  }
  const highest = entries.reduce((most, { priority }) => Math.max(most, priority), Number.NEGATIVE_INFINITY);
  const onlyAnyHost = trees.size === 1 && trees.has('*');
  const anyHost = [...trees].filter(([host]) => host === '*').map(([, tree]) => tree);
  const treesFor = (host: string) => (onlyAnyHost ? anyHost : [...treesOf(host)]);

  function* treesOf(hostAndPort: string): Iterable<RouteTree<Candidate<T>>> {
    const host = hostAndPort.replace(/:\d*$/, '');
    const named = trees.get(host);
    if (named !== undefined) yield named;
    for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
      const wildcard = trees.get(`*${host.slice(dot)}`);
      if (wildcard !== undefined) yield wildcard;
    }
    yield* anyHost;
  }

  return {
    find(question) {
      let best: Candidate<T> | undefined;
      let captures: Captures | undefined;
      let allowed: Set<string> | undefined;
      const visit = (candidate: Candidate<T>, capture: () => Captures): boolean => {
        if (best !== undefined && candidate.priority <= best.priority) return false;
        if (candidate.conditions !== undefined && !candidate.conditions(question)) return false;
        if (candidate.methods !== undefined && !candidate.methods.has(question.method)) {
          allowed ??= new Set();
          for (const method of candidate.methods) allowed.add(method);
          return false;
        }
        best = candidate;
        captures = capture();
        return candidate.priority === highest;
      };
      for (const tree of treesFor(question.host)) if (tree.search(question.path, visit)) break;
      if (best !== undefined) return { kind: 'route', value: best.value, captures: captures! };
      return allowed === undefined ? nothing : { kind: 'method', allowed: [...allowed].sort() };
    },
    foresee(question) {
      const asked = { ...question, headers: [] };
      const possible: Candidate<T>[] = [];
      const visit = (candidate: Candidate<T>): boolean => {
        const takes = candidate.methods?.has(question.method) ?? true;
        if (takes && (candidate.foreseeable?.(asked) ?? true)) possible.push(candidate);
        return false;
      };
      for (const tree of treesFor(question.host)) tree.search(question.path, visit);
      possible.sort((a, b) => b.priority - a.priority);
      const certain = possible.findIndex(({ conditions, foreseeable }) => conditions === foreseeable);
      return possible.slice(0, certain === -1 ? undefined : certain + 1).map(({ value }) => value);
    },
  };
}

function add<T>(tree: RouteTree<Candidate<T>>, { match, priority, value }: MatchEntry<T>, shared: Shared): void {
  const methods = match.methods === undefined ? undefined : shared.methodsOf(match.methods);
  const conditions = compileConditions(match);
  const foreseeable = match.headers === undefined ? conditions : compileConditions({ ...match, headers: {} });
  const candidate = { value, priority, methods, conditions, foreseeable };
  if (match.pattern !== undefined) {
    const { segments, rest } = splitPattern(match.pattern);
    return tree.addPattern(segments, shared.patternOf(rest), candidate);
  }
  const template = parsePathTemplate(match.path!);
  if (typeof template === 'string') throw new Error(template);
  tree.addTemplate(template, candidate);
}

const countConditions = ({ headers = {}, query = {} }: RouteMatch): number =>
  Object.keys(headers).length + Object.keys(query).length;

/** What many routes have alike: one object for all of them keeps thousands of routes close together in memory. */
interface Shared {
  /** The set for a list of methods. GET implies HEAD. */
  methodsOf(methods: readonly string[]): ReadonlySet<string>;
  patternOf(source: string): Pattern;
}

function createShared(): Shared {
  const sets = new Map<string, ReadonlySet<string>>();
  const patterns = new Map<string, Pattern>();
  return {
    methodsOf(methods) {
      const set = new Set(methods);
      if (set.has('GET')) set.add('HEAD');
      const key = [...set].sort().join(' ');
      const known = sets.get(key) ?? set;
      sets.set(key, known);
      return known;
    },
    patternOf(source) {
      const pattern = patterns.get(source) ?? compilePathPattern(source);
      patterns.set(source, pattern);
      return pattern;
    },
  };
}
