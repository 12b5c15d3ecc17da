import * as z from 'zod';
import { type AdminCode, adminCodes } from './admin-error.ts';
import { answers } from './answers.ts';
import type { Operation } from './operation.ts';

type Json = Readonly<Record<string, unknown>>;

/** Every operation may be refused so. */
const alwaysPossible: readonly AdminCode[] = [
  'ADMIN_UNAUTHENTICATED',
  'ADMIN_FORBIDDEN',
  'ADMIN_CROSS_SITE',
  'ADMIN_WRONG_HOST',
  'ADMIN_THROTTLED',
  'ADMIN_FAILED',
  'ADMIN_UNAVAILABLE',
];

const problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string().describe('For people.'),
  code: z.enum(Object.keys(adminCodes)).describe('For programs: it does not change.'),
  requestId: z.string().describe('Finds the reason in the log.'),
  errors: z.optional(z.record(z.string(), z.string())).describe('What is wrong, by path such as redirectUris[0].'),
});

/** The description of the admin API (OpenAPI 3.1), made of what the operations themselves are served by. */
export function describeApi(operations: readonly Operation[]): Json {
  const names = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries({ ...answers, Problem: problem })) names.add(schema, { id });
  const schemas: Record<string, unknown> = {};

  /** Schemas that have a name become components, and are referred to. */
  function toSchema(schema: z.ZodType, io: 'input' | 'output'): unknown {
    const wrapped = z.toJSONSchema(z.strictObject({ schema }), { io, metadata: names, override: keepDescription });
    const { $defs = {}, properties } = refer(wrapped) as { $defs?: Json; properties: { schema: unknown } };
    for (const [id, { id: _, ...definition }] of Object.entries($defs as Record<string, Json>))
      schemas[id] = definition;
    return properties.schema;
  }

  const refusal = (codes: readonly AdminCode[]): Json => ({
    description: codes.map((code) => `\`${code}\`: ${adminCodes[code].detail}`).join('\n'),
    content: { 'application/problem+json': { schema: toSchema(problem, 'output') } },
  });

  function describe({ id, summary, path, query, body, answer, refusals }: Operation): Json {
    const { status, schema } = answer;
    const parameters = [...inPath(path), ...(query === undefined ? [] : inQuery(query))];
    const content = (of: z.ZodType, io: 'input' | 'output') => ({ 'application/json': { schema: toSchema(of, io) } });
    const codes = Map.groupBy([...refusals, ...alwaysPossible], (code) => adminCodes[code].status);
    return {
      operationId: id,
      summary,
      tags: [path.split('/')[1]],
      ...(parameters.length > 0 && { parameters }),
      ...(body !== undefined && {
        requestBody: { required: !body.safeParse(undefined).success, content: content(body, 'input') },
      }),
      responses: {
        [status]: {
          description: status === 204 ? 'Done.' : summary,
          ...(schema && { content: content(schema, 'output') }),
        },
        ...Object.fromEntries([...codes].map(([code, those]) => [code, refusal(those)])),
      },
    };
  }

  const paths = Object.groupBy(operations, ({ path }) => path);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Garita admin API',
      version: '1',
      description: 'What operators can do. Times are in seconds since the epoch.',
    },
    servers: [{ url: '/admin' }],
    security: [{ token: [] }],
    paths: Object.fromEntries(
      Object.entries(paths).map(([path, those = []]) => [
        path,
        Object.fromEntries(those.map((operation) => [operation.method, describe(operation)])),
      ]),
    ),
    components: {
      schemas,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'An access token of this gateway with the scope garita:admin, or the admin token.',
        },
      },
    },
  };
}

const inPath = (path: string): Json[] =>
  Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

/** Described as what they mean: a number is one, although it comes as a text. */
function inQuery(query: z.ZodObject): Json[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'output' });
  const { required = [] } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties as Record<string, Json>).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema,
  }));
}

/** Descriptions are in zod's own registry, which the one of our names stands in for. */
function keepDescription({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: unknown;
  jsonSchema: { description?: string };
}): void {
  const { description } = zodSchema as z.ZodType;
  if (description !== undefined) jsonSchema.description = description;
}

/** zod puts what has a name under `$defs` of each schema; here all share one place. */
const refer = (schema: unknown): unknown =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
