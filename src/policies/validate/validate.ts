import * as z from 'zod';
import { expecting } from '../../config/expecting.ts';
import { size, text } from '../../config/values.ts';
import { exchangeOf } from '../../model/exchange.ts';
import { definePolicy, type PolicyComplaint } from '../policy.ts';
import { createSchemaCompiler } from './compile-schema.ts';
import { refuseFor } from './finding.ts';
import type { Schema } from './inspect-schema.ts';
import { type SchemaSource, useSchema } from './load-schema.ts';
import { validateBody } from './validate-body.ts';
import { validateHead } from './validate-head.ts';

const schemaPhrase = 'a JSON Schema, or the name of a JSON file with one';
const schema = (of: string) =>
  z
    .exactOptional(z.union([z.string(), z.record(z.string(), z.unknown())], expecting(schemaPhrase)))
    .describe(`JSON Schema (draft 2020-12) of ${of}, or the name of a JSON file with it.`);

const jsonType = text(
  /^[a-z0-9!#$&^_.+-]+\/(?:[a-z0-9!#$&^_.+-]+\+)?json$/,
  'a media type of JSON in lower case, such as application/json or application/merge-patch+json',
);

/** `validate`: lets only requests pass that fit JSON Schemas. */
export const validate = definePolicy({
  name: 'validate',
  options: z
    .strictObject({
      body: schema('the body'),
      query: schema('the query, as an object of its parameters'),
      headers: schema('the header fields, as an object of them by their names in lower case'),
      params: schema('the path parameters, as an object of them'),
      mediaTypes: z
        .array(jsonType, expecting('a list of media types'))
        .min(1, expecting('at least one'))
        .default(['application/json'])
        .describe('What a body may be.'),
      bodyLimit: size({ to: '100MB' }).prefault('1MB').describe('Larger bodies are refused; each is held in memory.'),
    })
    .refine(
      ({ body, query, headers, params }) => [body, query, headers, params].some((part) => part !== undefined),
      'expected at least one schema: body, query, headers or params',
    ),
  prepare({ mediaTypes, bodyLimit, ...sources }, { folder, share }) {
    const compiler = share(createSchemaCompiler);
    const complaints: PolicyComplaint[] = [];
    const load = <Check>(part: keyof typeof sources, compile: (schema: Schema) => Check) => {
      const source = sources[part];
      if (source === undefined) return undefined;
      const used = useSchema(source, folder, (schema) => ({ check: compile(schema), names: namesIn(schema) }));
      if ('result' in used) return used.result;
      complaints.push(...used.problems.map(({ path, message }) => ({ path: [part, ...path], message })));
      return undefined;
    };
    const body = load('body', compiler.compileForJson);
    const query = load('query', compiler.compileForTexts);
    const headers = load('headers', compiler.compileForTexts);
    const params = load('params', compiler.compileForTexts);
    for (const { name, path } of headers?.names ?? []) {
      if (name === name.toLowerCase()) continue;
      const message = `names of header fields stand in lower case here: ${name.toLowerCase()}`;
      complaints.push({ path: placeOf(sources.headers, 'headers', path), message });
    }
    if (complaints.length > 0) return { complaints };
    return {
      ready: {
        body: body && { check: body.check, mediaTypes, limit: bodyLimit },
        head: { query: query?.check, headers: headers?.check, params: params?.check },
        paramNames: (params?.names ?? []).map(({ name, path }) => ({
          name,
          path: placeOf(sources.params, 'params', path),
        })),
      },
    };
  },
  check({ paramNames }, { id, params }, inherited) {
    if (inherited) return [];
    return paramNames
      .filter(({ name }) => !params.has(name))
      .map(({ name, path }) => ({ path, message: `the path of route ${id} has no parameter {${name}}` }));
  },
  create({ head, body }) {
    return {
      guard(request, _response, next) {
        const exchange = exchangeOf(request);
        const findings = validateHead(exchange, head);
        // Who is refused for the head is not asked for the body.
        if (findings.length > 0) throw refuseFor(findings);
        if (body === undefined) return next();
        return validateBody(exchange, body).then((found) => next(found.length > 0 ? refuseFor(found) : undefined));
      },
    };
  },
});

interface NamedPlace {
  readonly name: string;
  readonly path: readonly (string | number)[];
}

/** The names that a schema of an object says itself, and where. */
function namesIn({ properties = {}, required = [] }: Schema): NamedPlace[] {
  const named = Object.keys(properties as object);
  return [
    ...named.map((name) => ({ name, path: ['properties', name] })),
    ...(required as string[])
      .map((name, index) => ({ name, path: ['required', index] }))
      .filter(({ name }) => !named.includes(name)),
  ];
}

/** In a file nothing can be pointed at but its name. */
const placeOf = (source: SchemaSource | undefined, part: string, path: NamedPlace['path']): NamedPlace['path'] =>
  typeof source === 'string' ? [part] : [part, ...path];
