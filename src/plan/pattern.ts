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

/** An expression for paths, taken apart. */
export interface SplitPattern {
  /** Whole segments that every match begins with. */
  readonly segments: readonly string[];
  /** The expression for what follows them, from its slash on. */
  readonly rest: string;
}

/**
 * Splits off the literal beginning: `^/api/v1/orders/(?<id>…)$` → `api`, `v1`, `orders` and `^/(?<id>…)$`. Where it is
 * not certain less is split off: it only decides where the expression is looked for, and with which others it is shared.
 */
export function splitPattern(source: string): SplitPattern {
  const [, text = '', next = ''] = /^\^((?:[A-Za-z0-9/_~!&',;=:@%-]|\\[^A-Za-z0-9\\])*)(.)?/s.exec(source) ?? [];
  // A quantifier takes the character before it out of the literal.
  const literal = next !== '' && '*+?{'.includes(next) ? text.replace(/\\?.$/s, '') : text;
  const slash = literal.lastIndexOf('/');
  const end = literal[slash - 1] === '\\' ? slash - 1 : slash;
  if (end <= 0 || source.includes('|')) return { segments: [], rest: source };
  const segments = literal.slice(0, end).replaceAll('\\', '').slice(1).split('/');
  return { segments, rest: `^${source.slice(1 + end)}` };
}
