import { Ajv2020, type ErrorObject, type Options } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { inspectSchema, type Schema, type SchemaProblem, visitSchemas } from './inspect-schema.ts';
import { readPointer, writePointer } from './json-pointer.ts';
import { LinearPattern } from './linear-pattern.ts';

/** One way in which a value does not fit its schema. */
export interface Misfit {
  /** Keys and indexes from the root to what is wrong, missing or too much. */
  readonly path: readonly string[];
  /** Says what the schema asks for, never what was found. */
  readonly message: string;
}

/** Values by name as they came, in texts: several for a name that was sent several times. */
export type TextValues = Readonly<Record<string, string | readonly string[]>>;

/** Checks a JSON value. With `all: false` it stops at the first misfit. */
export type CheckJson = (value: unknown, all: boolean) => readonly Misfit[];

/** Checks values that came as texts, each read as the type that the schema gives it. */
export type CheckTexts = (values: TextValues) => readonly Misfit[];

/** A schema that cannot be used, with all that is wrong with it. */
export class SchemaError extends Error {
  readonly problems: readonly SchemaProblem[];

  constructor(problems: readonly SchemaProblem[]) {
    super(problems.map(({ path, message }) => `${writePointer(path)}: ${message}`).join('\n'));
    this.name = 'SchemaError';
    this.problems = problems;
  }
}

/** Compiles JSON Schemas of draft 2020-12. Making one is dear, compiling with it is not. */
export interface SchemaCompiler {
  /** Throws a {@link SchemaError}. */
  compileForJson(schema: Schema): CheckJson;
  /** Throws a {@link SchemaError}. */
  compileForTexts(schema: Schema): CheckTexts;
}

const options: Options = {
  strict: true,
  // These three refuse what is good style: `required` in a branch, tuples with a rest, a value that may also be null.
  strictRequired: false,
  strictTuples: false,
  allowUnionTypes: true,
  // A field called "constructor" is not there because every object inherits one.
  ownProperties: true,
  logger: false,
  code: {
    regExp: Object.assign((source: string) => new LinearPattern(source), { code: 'new LinearPattern' }),
  },
};

/** Makes a compiler over Ajv. No schema of one call is known to the next, and none is fetched. */
export function createSchemaCompiler(): SchemaCompiler {
  const make = (further: Options): Ajv2020 => formats.default(new Ajv2020({ ...options, ...further })) as Ajv2020;
  const first = make({});
  const every = make({ allErrors: true, validateSchema: false });
  const texts = make({ allErrors: true, validateSchema: false, coerceTypes: 'array' });

  const examine = (schema: Schema): void => {
    checkDialect(schema);
    if (first.validateSchema(schema) !== true) throw new SchemaError(structureProblems(first.errors ?? []));
    const problems = inspectSchema(schema, (name) => Object.hasOwn(first.RULES.keywords, name));
    if (problems.length > 0) throw new SchemaError(problems);
  };
  const compile = (ajv: Ajv2020, schema: Schema) => {
    try {
      const validate = ajv.compile(schema);
      return (value: unknown): readonly Misfit[] => (validate(value) ? [] : (validate.errors ?? []).map(toMisfit));
    } catch (error) {
      throw new SchemaError([locate(schema, (error as Error).message)]);
    } finally {
      ajv.removeSchema();
    }
  };

  return {
    compileForJson(schema) {
      examine(schema);
      const [one, all] = [compile(first, schema), compile(every, schema)];
      return (value, wantsAll) => (wantsAll ? all : one)(value);
    },
    compileForTexts(schema) {
      examine(schema);
      const check = compile(texts, schema);
      return (values) => {
        const read = copy(values);
        const misfits = check(read);
        return [...misfits, ...misreadNumbers(values, read)];
      };
    },
  };
}

/** The copy that is changed while it is checked: texts become what the schema takes them for. */
function copy(values: TextValues): Record<string, unknown> {
  const copied = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(values)) copied[name] = typeof value === 'string' ? value : [...value];
  return copied;
}

/** Also `0x10`, ` 1` and `1e3` are numbers to JavaScript: a service might read another one. */
function misreadNumbers(values: TextValues, read: Readonly<Record<string, unknown>>): Misfit[] {
  return Object.entries(values).flatMap(([name, written]) => {
    const given = typeof written === 'string' ? [written] : written;
    const taken = Array.isArray(read[name]) ? read[name] : [read[name]];
    const isMisread = given.some((text, index) => typeof taken[index] === 'number' && !decimal.test(text));
    return isMisread ? [{ path: [name], message: 'must be a number in decimal digits' }] : [];
  });
}

const decimal = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** The names that the parameters of an Ajv error may give what is missing or too much. */
const namingParameters = ['missingProperty', 'additionalProperty', 'unevaluatedProperty', 'propertyName'];

function toMisfit({ instancePath, params, message = 'does not fit' }: ErrorObject): Misfit {
  const name: unknown = namingParameters.map((parameter) => params[parameter]).find((value) => value !== undefined);
  return { path: [...readPointer(instancePath), ...(name === undefined ? [] : [String(name)])], message };
}

/** What a schema's own schema says, once for each place: alternatives that were not meant only repeat it. */
function structureProblems(errors: readonly ErrorObject[]): SchemaProblem[] {
  const byPlace = new Map(errors.toReversed().map((error) => [error.instancePath, error]));
  return [...byPlace.values()].reverse().map(({ instancePath, message, params }) => {
    const allowed: unknown = params.allowedValues;
    const values = Array.isArray(allowed) ? `: ${allowed.join(', ')}` : '';
    return { path: readPointer(instancePath), message: `${message}${values}` };
  });
}

function checkDialect({ $schema }: Schema): void {
  if ($schema === undefined || /^https:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/.test(String($schema))) return;
  const message = 'only draft 2020-12 is read: https://json-schema.org/draft/2020-12/schema';
  throw new SchemaError([{ path: ['$schema'], message }]);
}

/** Ajv says in its messages where it stood, but for references. */
function locate(schema: Schema, message: string): SchemaProblem {
  const reference = /^can't resolve reference (\S+) from/.exec(message)?.[1];
  if (reference !== undefined) return lostReference(schema, reference);
  const [place, pointer = ''] = / (?:ignored in schema )?at (?:path )?"[^"#]*#([^"]*)"/.exec(message) ?? [''];
  const plain = message.replace(place, '').replace(/^strict mode: /, '');
  return { path: readPointer(decodeURIComponent(pointer)), message: plain };
}

function lostReference(schema: Schema, reference: string): SchemaProblem {
  let path: readonly string[] = [];
  visitSchemas(schema, (part, at) => {
    if (part.$ref === reference) path = [...at, '$ref'];
  });
  return { path, message: `${reference} is not in this schema, and others are not fetched` };
}
