import type { HeaderList } from '../../model/headers.ts';
import type { Edits } from './edits.ts';
import { compileValue, type FillValue } from './value-template.ts';

/** Edits header fields, filling in what the match captured. */
export type EditHeaders = (headers: HeaderList, params: Readonly<Record<string, string>>) => HeaderList;

/** Compiles edits of header fields: names without regard to case, all other fields as they are and in their order. */
export function compileHeaderEdits({ remove, rename, set, add }: Edits): EditHeaders {
  const removed = new Set(remove.map(lower));
  const renamed = new Map(Object.entries(rename).map(([name, other]) => [lower(name), other]));
  const replaced = new Map(compile(set).map(({ name, fill }) => [lower(name), { name, fill }]));
  const added = compile(add);
  return (headers, params) => {
    const out: string[] = [];
    for (let i = 0; i < headers.length; i += 2) {
      if (removed.has(lower(headers[i]!))) continue;
      const name = renamed.get(lower(headers[i]!)) ?? headers[i]!;
      if (!replaced.has(lower(name))) out.push(name, headers[i + 1]!);
    }
    for (const { name, fill } of [...replaced.values(), ...added]) out.push(name, fill(params));
    return out;
  };
}

const compile = (values: Edits['set']): { name: string; fill: FillValue }[] =>
  // Slices of a canonical path are visible ASCII: nothing in them can end a field.
  Object.entries(values).map(([name, template]) => ({ name, fill: compileValue(template, same, same) }));

const same = (text: string): string => text;
const lower = (name: string): string => name.toLowerCase();
