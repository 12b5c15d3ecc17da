import * as z from 'zod';
import { expecting } from '../../config/expecting.ts';
import { type ChosenField, type FieldPath, parseFieldPath } from './field-path.ts';
import { compileValue, parseValueTemplate, type ValueTemplate } from './value-template.ts';

const phrase = 'a field such as name, customer.address.city or items.*.note';
const plainPhrase = 'a field such as name or customer.address.city, without *';
const valuePhrase = 'a text, a number, true, false or null; in a text {name} stands for what the path captured';

const fieldPath = z.string(expecting(phrase)).transform((written, context): FieldPath => {
  const path = parseFieldPath(written);
  if (path !== undefined) return path;
  context.addIssue({ code: 'custom', message: `expected ${phrase}` });
  return z.NEVER;
});

const renames = z
  .record(z.string(), z.string(expecting('a name')), expecting('fields and their new names'))
  .transform((written, context) =>
    Object.entries(written).flatMap(([old, text]): ChosenField[] => {
      const path = parseFieldPath(old);
      if (path !== undefined && path.at(-1) !== null) return [{ path, text }];
      context.addIssue({ code: 'custom', path: [old], message: `expected ${phrase}, with a name at its end` });
      return [];
    }),
  );

/** A field and the value that it gets. */
export interface SetField {
  readonly path: readonly string[];
  readonly fill: (params: Readonly<Record<string, string>>) => unknown;
  /** As it was written. */
  readonly written: string;
  readonly value: string | number | boolean | null;
  /** What it asks of the match. */
  readonly parameters: readonly string[];
}

const sets = z
  .record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.null()], expecting(valuePhrase)),
    expecting('fields and their values'),
  )
  .transform((values, context) =>
    Object.entries(values).flatMap(([written, value]): SetField[] => {
      const path = parseFieldPath(written);
      const template = typeof value === 'string' ? parseValueTemplate(value) : undefined;
      const refuse = (message: string): [] => {
        context.addIssue({ code: 'custom', path: [written], message });
        return [];
      };
      if (path === undefined || !isPlain(path)) return refuse(`expected ${plainPhrase}`);
      if (typeof value !== 'string') return [{ path, fill: () => value, written, value, parameters: [] }];
      if (template === undefined) return refuse(`expected ${valuePhrase}; {{ and }} stand for braces`);
      return [{ path, fill: fillText(template), written, value, parameters: template.parameters }];
    }),
  );

const isPlain = (path: FieldPath): path is readonly string[] => !path.includes(null);

const fillText = (template: ValueTemplate) => compileValue(template, (text) => text, decodeSlice);

/** Slices of a path are percent-encoded, documents are not. Bytes that are no UTF-8 stay encoded. */
function decodeSlice(slice: string): string {
  try {
    return decodeURIComponent(slice);
  } catch {
    return slice;
  }
}

/** What JSON bodies of both directions can have done to them. */
export const jsonShape = {
  keep: z.array(fieldPath, expecting('a list of fields')).default([]).describe('All other fields go.'),
  drop: z.array(fieldPath, expecting('a list of fields')).default([]).describe('These fields go.'),
  rename: renames.prefault({}).describe('Field: its new name.'),
  set: sets.prefault({}).describe('Field: its value, whatever it was. {name} stands for what the path captured.'),
};
