import type { Edits } from './edits.ts';
import { compileValue } from './value-template.ts';

/** Edits a query with its question mark; without parameters left it is empty. */
export type EditQuery = (query: string, params: Readonly<Record<string, string>>) => string;

/**
 * Compiles edits of query parameters. Names are compared decoded, so that no spelling of one slips through; parameters
 * that no edit names keep their bytes and their order.
 */
export function compileQueryEdits({ remove, rename, set, add }: Edits): EditQuery {
  const removed = new Set(remove);
  const renamed = new Map(Object.entries(rename));
  const replaced = new Map(compile(set));
  const added = compile(add);
  return (query, params) => {
    const parts = query === '' || query === '?' ? [] : query.slice(1).split('&');
    const kept = parts.flatMap((part) => {
      const name = nameOf(part);
      if (removed.has(name)) return [];
      const other = renamed.get(name);
      if (replaced.has(other ?? name)) return [];
      return other === undefined ? [part] : [encodeURIComponent(other) + assignmentOf(part)];
    });
    const values = [...replaced, ...added].map(([name, fill]) => `${encodeURIComponent(name)}=${fill(params)}`);
    const all = [...kept, ...values];
    if (all.length === 0) return parts.length === 0 ? query : '';
    return `?${all.join('&')}`;
  };
}

const compile = (values: Edits['set']) =>
  Object.entries(values).map(([name, template]) => {
    return [name, compileValue(template, encodeURIComponent, encodeSlice)] as const;
  });

// A slice of a path may hold characters that mean something else in a query.
const encodeSlice = (slice: string): string => slice.replace(/[&=+;]/g, encodeURIComponent);

/** The decoded name of a parameter. An empty part in front keeps the URL standard from taking off a question mark. */
function nameOf(part: string): string {
  if (!/[%+]/.test(part)) return /^[^=]*/.exec(part)![0];
  const [name = ''] = new URLSearchParams(`&${part}`).keys();
  return name;
}

/** From its equals sign on, byte for byte. */
function assignmentOf(part: string): string {
  const equals = part.indexOf('=');
  return equals === -1 ? '' : part.slice(equals);
}
