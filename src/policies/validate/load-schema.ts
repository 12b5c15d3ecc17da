import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SchemaError } from './compile-schema.ts';
import type { Schema, SchemaProblem } from './inspect-schema.ts';
import { writePointer } from './json-pointer.ts';
import { readJson } from './read-json.ts';

/** A schema as it stands in the configuration, or the name of a JSON file that it stands in. */
export type SchemaSource = string | Schema;

/**
 * Does something with a schema, or tells everything that is wrong with it: by its place in the configuration where it
 * stands there itself, otherwise in the message.
 */
export function useSchema<Result>(
  source: SchemaSource,
  folder: string,
  use: (schema: Schema) => Result,
): { readonly result: Result } | { readonly problems: readonly SchemaProblem[] } {
  const inFile = typeof source === 'string';
  try {
    return { result: use(inFile ? readSchema(resolve(folder, source)) : source) };
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    return {
      problems: error.problems.map(({ path, message }) =>
        inFile
          ? { path: [], message: `${source}${path.length === 0 ? '' : `#${writePointer(path)}`}: ${message}` }
          : { path, message },
      ),
    };
  }
}

function readSchema(file: string): Schema {
  const json = readJson(readBytes(file));
  if (!json.ok) throw new SchemaError([{ path: [], message: json.message }]);
  const { value } = json;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Schema;
  throw new SchemaError([{ path: [], message: 'expected a JSON Schema: an object' }]);
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const known: Record<string, string> = {
      ENOENT: 'there is no such file, seen from the folder of the configuration',
      EISDIR: 'this is a folder: name the file of one schema',
      EACCES: 'this file may not be read: its permissions forbid it',
    };
    throw new SchemaError([{ path: [], message: known[code ?? ''] ?? message }]);
  }
}
