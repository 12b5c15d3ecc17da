import type { PathTemplate } from '../config/path-template.ts';
import { literalSegments, type Pattern } from './pattern.ts';

/** What a path captured: raw slices of it, by name; the rest that a final asterisk took, under `*`. */
export type Captures = Readonly<Record<string, string>>;

/** Told of each entry whose path fits, the most specific first; true ends the search. */
export type Visit<T> = (entry: T, capture: () => Captures) => boolean;

interface Leaf<T> {
  readonly entry: T;
  readonly names: readonly string[];
}

interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  parameter: Node<T> | undefined;
  readonly leaves: Leaf<T>[];
  readonly wildcards: Leaf<T>[];
  readonly patterns: { readonly entry: T; readonly pattern: Pattern }[];
}

const none: Captures = Object.freeze({});

/**
 * Path templates and expressions by the segments that they begin with. The cost of a search grows with the length of
 * the path, not with the number of entries: expressions too are only tried below their literal beginning.
 * At each segment a literal comes before an expression, that before a parameter, and a wildcard last.
 */
export class RouteTree<T> {
  readonly #root: Node<T> = createNode();

  addTemplate({ segments, wildcard, parameters }: PathTemplate, entry: T): void {
    let node = this.#root;
    for (const segment of segments) {
      if ('literal' in segment) node = childOf(node, segment.literal);
      else node = node.parameter ??= createNode();
    }
    (wildcard ? node.wildcards : node.leaves).push({ entry, names: parameters });
  }

  addPattern(source: string, pattern: Pattern, entry: T): void {
    literalSegments(source).reduce(childOf, this.#root).patterns.push({ entry, pattern });
  }

  /** Visits the entries that fit a canonical path. Returns whether a visit ended the search. */
  search(path: string, visit: Visit<T>): boolean {
    return searchBelow(this.#root, path, 0, [], visit);
  }
}

const createNode = <T>(): Node<T> => ({
  literals: new Map(),
  parameter: undefined,
  leaves: [],
  wildcards: [],
  patterns: [],
});

function childOf<T>(node: Node<T>, literal: string): Node<T> {
  let child = node.literals.get(literal);
  if (child === undefined) {
    child = createNode();
    node.literals.set(literal, child);
  }
  return child;
}

/** @param at index of the slash before what is left, or the path's length when nothing is left */
function searchBelow<T>(node: Node<T>, path: string, at: number, values: string[], visit: Visit<T>): boolean {
  if (at === path.length) {
    if (visitLeaves(node.leaves, values, undefined, visit)) return true;
  } else {
    const slash = path.indexOf('/', at + 1);
    const end = slash === -1 ? path.length : slash;
    const segment = path.slice(at + 1, end);
    const literal = node.literals.get(segment);
    if (literal !== undefined && searchBelow(literal, path, end, values, visit)) return true;
    if (node.patterns.length > 0 && visitPatterns(node, path, visit)) return true;
    if (node.parameter !== undefined && segment !== '') {
      values.push(segment);
      if (searchBelow(node.parameter, path, end, values, visit)) return true;
      values.pop();
    }
  }
  return node.wildcards.length > 0 && visitLeaves(node.wildcards, values, path.slice(at), visit);
}

function visitLeaves<T>(
  leaves: readonly Leaf<T>[],
  values: readonly string[],
  rest: string | undefined,
  visit: Visit<T>,
) {
  for (const { entry, names } of leaves) {
    if (visit(entry, () => captureOf(names, values, rest))) return true;
  }
  return false;
}

function captureOf(names: readonly string[], values: readonly string[], rest: string | undefined): Captures {
  if (names.length === 0 && rest === undefined) return none;
  const captures: Record<string, string> = {};
  for (const [index, name] of names.entries()) captures[name] = values[index]!;
  if (rest !== undefined) captures['*'] = rest;
  return captures;
}

function visitPatterns<T>({ patterns }: Node<T>, path: string, visit: Visit<T>): boolean {
  for (const { entry, pattern } of patterns) {
    const groups = pattern.match(path);
    if (groups !== undefined && visit(entry, () => groups)) return true;
  }
  return false;
}
