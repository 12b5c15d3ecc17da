import type { PathTemplate } from '../config/path-template.ts';
import type { Pattern, SplitPattern } from './pattern.ts';

/** What a path captured: raw slices of it, by name; the rest that a final asterisk took, under `*`. */
export type Captures = Readonly<Record<string, string>>;

/** Told of each entry whose path fits, the most specific first; true ends the search. */
export type Visit<T> = (entry: T, capture: () => Captures) => boolean;

interface Leaf<T> {
  readonly entry: T;
  readonly names: readonly string[];
}

/**
 * What may follow a segment. Most nodes have one thing to offer: each part is there only when it is used, and a lone
 * literal needs no map, so that thousands of routes stay small and a search touches little memory.
 */
interface Node<T> {
  literal: { readonly name: string; readonly node: Node<T> } | undefined;
  /** All literals, when there are several. */
  literals: Map<string, Node<T>> | undefined;
  parameter: Node<T> | undefined;
  leaves: Leaf<T>[] | undefined;
  wildcards: Leaf<T>[] | undefined;
  patterns: { readonly entry: T; readonly pattern: Pattern }[] | undefined;
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
    const leaf = { entry, names: parameters };
    if (wildcard) append(node, 'wildcards', leaf);
    else append(node, 'leaves', leaf);
  }

  /** @param pattern for what follows the segments, from its slash on */
  addPattern(segments: SplitPattern['segments'], pattern: Pattern, entry: T): void {
    append(segments.reduce(childOf, this.#root), 'patterns', { entry, pattern });
  }

  /** Visits the entries that fit a canonical path. Returns whether a visit ended the search. */
  search(path: string, visit: Visit<T>): boolean {
    return searchBelow(this.#root, path, 0, [], visit);
  }
}

const createNode = <T>(): Node<T> => ({
  literal: undefined,
  literals: undefined,
  parameter: undefined,
  leaves: undefined,
  wildcards: undefined,
  patterns: undefined,
});

function append<T, Part extends 'leaves' | 'wildcards' | 'patterns'>(
  node: Node<T>,
  part: Part,
  item: NonNullable<Node<T>[Part]>[number],
): void {
  const items: (typeof item)[] = node[part] ?? [];
  items.push(item);
  node[part] = items as Node<T>[Part];
}

function childOf<T>(node: Node<T>, name: string): Node<T> {
  const known = node.literal?.name === name ? node.literal.node : node.literals?.get(name);
  if (known !== undefined) return known;
  const child = createNode<T>();
  if (node.literals !== undefined) node.literals.set(name, child);
  else if (node.literal === undefined) node.literal = { name, node: child };
  else {
    node.literals = new Map([
      [node.literal.name, node.literal.node],
      [name, child],
    ]);
    node.literal = undefined;
  }
  return child;
}

/** @param at index of the slash before what is left, or the path's length when nothing is left */
function searchBelow<T>(node: Node<T>, path: string, at: number, values: string[], visit: Visit<T>): boolean {
  if (at === path.length) {
    if (node.leaves !== undefined && visitLeaves(node.leaves, values, undefined, visit)) return true;
  } else {
    const slash = path.indexOf('/', at + 1);
    const end = slash === -1 ? path.length : slash;
    const child = literalChild(node, path, at + 1, end);
    if (child !== undefined && searchBelow(child, path, end, values, visit)) return true;
    if (node.patterns !== undefined && visitPatterns(node.patterns, path.slice(at), visit)) return true;
    if (node.parameter !== undefined && end > at + 1) {
      values.push(path.slice(at + 1, end));
      if (searchBelow(node.parameter, path, end, values, visit)) return true;
      values.pop();
    }
  }
  return node.wildcards !== undefined && visitLeaves(node.wildcards, values, path.slice(at), visit);
}

function literalChild<T>(
  { literal, literals }: Node<T>,
  path: string,
  start: number,
  end: number,
): Node<T> | undefined {
  if (literals !== undefined) return literals.get(path.slice(start, end));
  if (literal === undefined || literal.name.length !== end - start) return undefined;
  return path.startsWith(literal.name, start) ? literal.node : undefined;
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

function visitPatterns<T>(patterns: NonNullable<Node<T>['patterns']>, rest: string, visit: Visit<T>): boolean {
  for (const { entry, pattern } of patterns) {
    const groups = pattern.match(rest);
    if (groups !== undefined && visit(entry, () => groups)) return true;
  }
  return false;
}
