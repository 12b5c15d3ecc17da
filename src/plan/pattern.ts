import { RE2JS } from 're2js';
import { isDeterministic } from './deterministic.ts';

/** A regular expression that takes time linear in the length of its input, whatever both look like (RE2). */
export interface Pattern {
  /** The named groups of a match of the whole text, or undefined when it does not match. */
  match(text: string): Readonly<Record<string, string>> | undefined;
}

/**
 * Compiles an expression in the syntax of RE2. Throws an Error that says what is wrong with it; look-around and
 * back-references are, because no engine reads them in linear time.
 */
export function compilePattern(source: string): Pattern {
  return matchByRe2(RE2JS.compile(source));
}

/**
 * The same for canonical paths, which are ASCII. Where one step of reading always determines the next, the built-in
 * engine is linear too and ten times as fast, so it does the work.
 */
export function compilePathPattern(source: string): Pattern {
  const linear = RE2JS.compile(source);
  return isDeterministic(source) ? matchNatively(new RegExp(source)) : matchByRe2(linear);
}

function matchNatively(expression: RegExp): Pattern {
  return {
    match(text) {
      const found = expression.exec(text);
      return found === null ? undefined : (found.groups ?? noGroups);
    },
  };
}

const noGroups = Object.freeze({});

function matchByRe2(expression: RE2JS): Pattern {
  const names = Object.entries(expression.namedGroups());
  return {
    match(text) {
      const matcher = expression.matcher(text);
      if (!matcher.matches()) return undefined;
      const groups: Record<string, string> = {};
      for (const [name, index] of names) groups[name] = matcher.group(index) ?? '';
      return groups;
    },
  };
}

/**
 * The whole segments that every match of an expression begins with: `^/api/v1/orders/(?<id>…` → `api`, `v1`, `orders`.
 * Fewer, when it is not certain; they only decide where the expression is looked for.
 */
export function literalSegments(source: string): string[] {
  if (source.includes('|')) return [];
  const literal = /^\^((?:[A-Za-z0-9/_~!&',;=:@%-]|\\[^A-Za-z0-9])*)(.)?/.exec(source);
  let prefix = (literal?.[1] ?? '').replaceAll('\\', '');
  if (literal?.[2] !== undefined && '*+?{'.includes(literal[2])) prefix = prefix.slice(0, -1);
  const whole = prefix.lastIndexOf('/');
  return whole <= 0 ? [] : prefix.slice(1, whole).split('/');
}
