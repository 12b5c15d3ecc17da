import type { Condition, RouteMatch } from '../config/schema.ts';
import { type HeaderList, headersOf } from '../model/headers.ts';
import { compilePattern } from './pattern.ts';

/** What of a request can decide a match beside method, host and path. */
export interface Asked {
  readonly headers: HeaderList;
  /** With its question mark; empty when there is none. */
  readonly query: string;
}

/** Whether a request has the header and query values that a route asks for. */
export type Conditions = (asked: Asked) => boolean;

/** Compiles the conditions of a match; undefined when it has none. Throws on an invalid expression. */
export function compileConditions({ headers = {}, query = {} }: RouteMatch): Conditions | undefined {
  const ofHeaders = Object.entries(headers).map(([name, condition]) => ({ name, holds: compile(condition) }));
  const ofQuery = Object.entries(query).map(([name, condition]) => ({ name, holds: compile(condition) }));
  if (ofHeaders.length + ofQuery.length === 0) return undefined;
  return (asked) => {
    if (!ofHeaders.every(({ name, holds }) => holds(headersOf(asked.headers, name)))) return false;
    if (ofQuery.length === 0) return true;
    const parameters = new URLSearchParams(asked.query);
    return ofQuery.every(({ name, holds }) => holds(parameters.getAll(name)));
  };
}

/** A field or parameter may be there several times: one value that fits is enough. */
function compile(condition: Condition): (values: readonly string[]) => boolean {
  if (typeof condition === 'string') return (values) => values.includes(condition);
  if ('present' in condition) return (values) => values.length > 0 === condition.present;
  const pattern = compilePattern(condition.pattern);
  return (values) => values.some((value) => pattern.match(value) !== undefined);
}
