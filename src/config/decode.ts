import * as z from 'zod';
import type { $ZodIssue } from 'zod/v4/core';
import { explainIssue } from './explain-issue.ts';

/** Where in a value: keys and indexes from its root. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with a value. */
export interface Issue {
  readonly path: Path;
  readonly message: string;
  /** The part of the file to point at: an unknown key itself is wrong, whatever its value. */
  readonly at: 'key' | 'value';
}

/** A value that fits its schema, or everything that is wrong with it. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly issues: Issue[] };

/** Says what was found, for the end of a message. */
export type Describe = (path: Path, found: unknown) => string;

/**
 * Checks a value against a schema and fills its defaults, or reports everything that is wrong with it in plain
 * language. `describe` lets the caller hide values that came from the environment.
 */
export function decode<S extends z.ZodType>(
  schema: S,
  input: unknown,
  describe: Describe = (_, found) => showValue(found),
): Decoded<z.output<S>> {
  const result = z.safeParse(schema, input, { error: explainIssue });
  if (result.success) return { ok: true, value: result.data };
  const issues = result.error.issues.flatMap((issue) => flatten(issue, []));
  return { ok: false, issues: issues.map((issue) => ({ ...issue, message: complete(issue, input, describe) })) };
}

function flatten(issue: $ZodIssue, base: Path): Issue[] {
  const path = [...base, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const lines = issue.message.split('\n');
      return issue.keys.map((key, index) => ({
        path: [...path, key],
        message: lines[index] ?? issue.message,
        at: 'key',
      }));
    }
    case 'invalid_key':
      return [{ path, message: issue.issues[0]?.message ?? issue.message, at: 'key' }];
    case 'invalid_union': {
      const branch = findMeantBranch(issue.errors);
      if (branch !== undefined) return branch.flatMap((inner) => flatten(inner, path));
    }
  }
  return [{ path, message: issue.message, at: 'value' }];
}

/**
 * What the author of a value meant, when that is clear: the one alternative that is wrong only further inside, or has
 * the fewest mistakes of those. Otherwise the message of the union as a whole says more.
 */
function findMeantBranch(branches: readonly $ZodIssue[][]): readonly $ZodIssue[] | undefined {
  const inside = branches.filter((issues) => !issues.some(isAboutKind)).sort((a, b) => a.length - b.length);
  const [first, second] = inside;
  return second === undefined || first!.length < second.length ? first : undefined;
}

const isAboutKind = ({ path, code }: $ZodIssue): boolean =>
  path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');

function complete({ path, message, at }: Issue, input: unknown, describe: Describe): string {
  if (!message.startsWith('expected ')) return message;
  const found = at === 'key' ? path.at(-1) : valueAt(input, path);
  if (found === undefined) return `missing: ${message}`;
  return `${message}, got ${at === 'key' ? showValue(found) : describe(path, found)}`;
}

function valueAt(input: unknown, path: Path): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** A short rendering of a value for messages: texts in quotes and cut, lists and maps by their kind. */
export function showValue(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty map' : 'a map';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
}
