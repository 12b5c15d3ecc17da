import { type FieldError, Problem } from './problem.ts';

/** Says what is wrong with a value, or nothing when it is fine. */
export type Rule = (value: unknown) => string | undefined;

const MOST_ERRORS = 20;

/**
 * `document` as a `T`, once it is an object with exactly the fields of `rules` and each rule is content. Throws a 400
 * problem that names every wrong, missing and unknown field.
 */
export function checkFields<T>(document: unknown, rules: Readonly<Record<keyof T & string, Rule>>): T {
  if (!isJsonObject(document)) throw new Problem(400, 'The body must be a JSON object.');
  const fields = new Map<string, unknown>(Object.entries(document));
  const errors: FieldError[] = [];
  for (const [field, rule] of Object.entries<Rule>(rules)) {
    const message = fields.has(field) ? rule(fields.get(field)) : 'is required';
    if (message) errors.push({ field, message });
    fields.delete(field);
  }
  for (const field of fields.keys()) errors.push({ field, message: 'is not a field that can be set' });
  if (errors.length === 0) return document as T;
  const names = errors.slice(0, MOST_ERRORS).map(({ field }) => field);
  throw new Problem(400, `The body has wrong fields: ${names.join(', ')}.`, { errors: errors.slice(0, MOST_ERRORS) });
}

/** Whether a parsed JSON value is an object, not an array and not null. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text of one line: no control characters, no broken surrogate pairs, not blank. */
export function text(maxLength: number): Rule {
  return (value) => {
    if (typeof value !== 'string' || value.trim() === '') return 'must be text that is not blank';
    if (value.length > maxLength) return `must have at most ${maxLength} characters`;
    if (/\p{Cc}/u.test(value) || !value.isWellFormed()) return 'must not contain control characters';
    return undefined;
  };
}

/** An address of the everyday form `name@host.domain`. */
export function email(): Rule {
  const line = text(254);
  return (value) => line(value) ?? (/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(String(value)) ? undefined : 'must be an email');
}

/** One of the given words. */
export function oneOf(words: readonly string[]): Rule {
  return (value) => (words.includes(value as string) ? undefined : `must be one of ${words.join(', ')}`);
}

/** A whole number between two bounds, both allowed. */
export function wholeNumber(least: number, most: number): Rule {
  return (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `must be a whole number from ${least} to ${most}`;
}
