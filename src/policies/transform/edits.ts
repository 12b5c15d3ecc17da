import * as z from 'zod';
import { expecting } from '../../config/expecting.ts';
import type { ValueTemplate } from './value-template.ts';

/** What is done to named values, of a header or a query, in this order. */
export interface Edits {
  readonly remove: readonly string[];
  /** Old name → new name; the value stays, and so does its place. */
  readonly rename: Readonly<Record<string, string>>;
  /** Takes the place of whatever has that name. */
  readonly set: Readonly<Record<string, ValueTemplate>>;
  /** Comes after whatever has that name. */
  readonly add: Readonly<Record<string, ValueTemplate>>;
}

/** The options of {@link Edits}, by the schema of a name and of a value. */
export function edits(name: z.ZodType<string, string>, value: z.ZodType<ValueTemplate, string>) {
  const values = z.record(name, value, expecting('names and their values')).default({});
  return z
    .strictObject({
      remove: z.array(name, expecting('a list of names')).default([]).describe('Taken away.'),
      rename: z
        .record(name, name, expecting('old names and their new names'))
        .default({})
        .describe('Old name: new name. The value stays as it is.'),
      set: values.describe('One value, in place of whatever there was. {name} stands for what the path captured.'),
      add: values.describe('A further value. {name} stands for what the path captured.'),
    })
    .prefault({});
}

/** Whether they change anything. */
export const isEmpty = ({ remove, rename, set, add }: Edits): boolean =>
  remove.length === 0 && [rename, set, add].every((map) => Object.keys(map).length === 0);
