import { Problem } from './problem.ts';
import type { Call } from './router.ts';

/** The number in the path's `{id}`. Throws the 404 problem of `noun` when it cannot be one's number. */
export function readId(call: Call, noun: string): number {
  const id = call.parameters.id ?? '';
  if (!/^[1-9]\d{0,8}$/.test(id)) throw notFound(noun);
  return Number(id);
}

/** The problem for a resource that is not there. */
export function notFound(noun: string): Problem {
  return new Problem(404, `There is no such ${noun}.`);
}
