/**
 * The message of a schema piece in plain language: `expecting('a duration such as 5s')` reads, once decoded, as
 * `expected a duration such as 5s, got 5`. What was found is added by `decode`, which also knows what must stay hidden.
 */
export function expecting(phrase: string): { error: () => string } {
  return { error: () => `expected ${phrase}` };
}
