import * as z from 'zod';
import { expecting } from '../../config/expecting.ts';
import { integer } from '../../config/values.ts';

const usualLimit = 50;
const largestLimit = 500;

/** A whole number as it stands in a query. */
export function integerInQuery(least: number, most: number) {
  const phrase = expecting(`a whole number from ${least} to ${most}`);
  return z
    .string(phrase)
    .regex(/^\d{1,15}$/, phrase)
    .transform(Number)
    .pipe(integer(least, most));
}

/** What the query of a list says about the part that is wanted. */
export const pageQuery = {
  limit: integerInQuery(1, largestLimit)
    .prefault(String(usualLimit))
    .describe(`How many items at most; ${usualLimit} when absent.`),
  after: z.exactOptional(z.string().min(1, expecting('a text'))).describe('Go on after this: next of the list before.'),
};

/** A part of a list; `next` is there when there is more. */
export interface List<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

/**
 * Makes a list of what was found, which is one item more than wanted where there are more.
 *
 * @param keyOf what `after` goes on from
 */
export function toList<Item>(found: readonly Item[], limit: number, keyOf: (item: Item) => string): List<Item> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(last !== undefined && found.length > limit && { next: keyOf(last) }) };
}
