import type { HeaderList } from '../../model/headers.ts';
import type { TextValues } from './compile-schema.ts';

/** Values by name, and the names whose values nobody can read. */
export interface ReadTexts {
  readonly values: TextValues;
  /** Not percent-encoded UTF-8. */
  readonly unreadable: ReadonlySet<string>;
}

/** The parameters of a query as forms encode them (`a=1&b=x+y`). */
export function readQuery(query: string): ReadTexts {
  const pairs = query.slice(1).split('&');
  return collect(pairs.filter((pair) => pair !== '').map(readPair));
}

function readPair(pair: string): [string, string | undefined] {
  const [written, value = ''] = pair.replaceAll('+', ' ').split(/=(.*)/s);
  const name = decode(written!);
  return name === undefined ? [written!, undefined] : [name, decode(value)];
}

/** What a path captured: slices that are still percent-encoded. */
export const readParams = (params: Readonly<Record<string, string>>): ReadTexts =>
  collect(Object.entries(params).map(([name, value]) => [name, decode(value)]));

/** Header fields by their names in lower case, each of its lines one value. */
export function readHeaders(headers: HeaderList): ReadTexts {
  const pairs: [string, string][] = [];
  for (let i = 0; i < headers.length; i += 2) pairs.push([headers[i]!.toLowerCase(), headers[i + 1]!]);
  return collect(pairs);
}

function collect(pairs: readonly (readonly [string, string | undefined])[]): ReadTexts {
  // A name may be any text, "__proto__" too.
  const values = Object.create(null) as Record<string, string | string[]>;
  const unreadable = new Set<string>();
  for (const [name, value] of pairs) {
    const before = values[name];
    if (value === undefined) unreadable.add(name);
    else if (before === undefined) values[name] = value;
    else if (typeof before === 'string') values[name] = [before, value];
    else before.push(value);
  }
  return { values, unreadable };
}

function decode(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
