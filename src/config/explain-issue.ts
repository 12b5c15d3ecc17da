import type { $ZodErrorMap } from 'zod/v4/core';
import { suggest } from './closest.ts';

const nouns: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
};

/**
 * The messages of schema pieces that bring none themselves. Unknown keys of one map are one issue for zod: the message
 * has one line for each of them, in the same order as `keys`.
 */
export const explainIssue: $ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${nouns[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected ${issue.values.map(String).join(' or ')}`;
    case 'unrecognized_keys':
      return issue.keys.map((key) => explainUnknownKey(key, knownKeys(issue.inst))).join('\n');
    case 'too_small':
      return `expected at least ${issue.minimum}`;
    case 'too_big':
      return `expected at most ${issue.maximum}`;
    default:
      return undefined;
  }
};

function explainUnknownKey(key: string, known: readonly string[]): string {
  const suggestion = suggest(key, known);
  if (suggestion !== '') return `unknown key "${key}"${suggestion}`;
  return known.length === 0
    ? `unknown key "${key}": there are none here`
    : `unknown key "${key}": known are ${known.join(', ')}`;
}

/** The keys of the map that refused some: zod hands the schema along, but its type does not say which kind it is. */
function knownKeys(schema: unknown): string[] {
  const { _zod: internals } = schema as { _zod?: { def?: { shape?: Record<string, unknown> } } };
  return Object.keys(internals?.def?.shape ?? {});
}
