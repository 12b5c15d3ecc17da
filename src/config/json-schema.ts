import * as z from 'zod';
import { configSchema } from './schema.ts';

/** What the schema for editors needs to know of a policy. */
export interface DescribedPolicy {
  readonly name: string;
  readonly options: z.ZodType;
}

interface JsonSchema {
  $defs?: Record<string, JsonSchema>;
  [keyword: string]: unknown;
}

/**
 * The JSON Schema (2020-12) of `garita.yaml` as it is written, for editors: they complete keys, show descriptions and
 * mark mistakes. Each policy's `with` is described for its `use`; a reference to the environment fits everywhere.
 */
export function generateJsonSchema(policies: readonly DescribedPolicy[], balancers: readonly string[]): JsonSchema {
  const { $schema, title, description, $defs = {}, ...schema } = describe(configSchema);
  const options = policies.map((policy) => ({ name: policy.name, ...split(describe(policy.options)) }));
  return {
    $schema,
    title,
    description,
    ...schema,
    $defs: {
      FromEnvironment: {
        description: 'A reference to an environment variable, replaced before the value is read.',
        type: 'string',
        pattern: '\\$\\{[A-Za-z_]',
      },
      ...$defs,
      ...Object.assign({}, ...options.map(({ definitions }) => definitions)),
      Balancer: { ...$defs.Balancer, enum: balancers },
      PolicyUse: describeUses($defs.PolicyUse ?? {}, options),
    },
  };
}

function describeUses(policyUse: JsonSchema, options: readonly { name: string; schema: JsonSchema }[]): JsonSchema {
  const { use, ...properties } = policyUse.properties as Record<string, JsonSchema>;
  return {
    ...policyUse,
    properties: { use: { ...use, enum: options.map(({ name }) => name) }, ...properties },
    allOf: options.map(({ name, schema }) => ({
      if: { properties: { use: { const: name } }, required: ['use'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, and nothing awaits this object
      then: { properties: { with: schema }, ...(schema.required !== undefined && { required: ['with'] }) },
    })),
  };
}

const describe = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-2020-12',
    override: ({ jsonSchema, path }) => admitReference(jsonSchema, path),
  }) as JsonSchema;

/** Lets a scalar that is more than any text be written as a reference to the environment as well. */
function admitReference(schema: JsonSchema, path: readonly (string | number)[]): void {
  const { type, pattern, enum: values, description, default: fallback, ...rest } = schema;
  const narrow = (type === 'integer' || type === 'number' || type === 'boolean' || pattern) ?? values;
  if (!narrow || path.at(-1) === 'propertyNames' || schema.const !== undefined) return;
  for (const keyword of Object.keys(schema)) delete schema[keyword];
  Object.assign(schema, description !== undefined && { description }, fallback !== undefined && { default: fallback }, {
    anyOf: [
      { type, ...(pattern !== undefined && { pattern }), ...(values !== undefined && { enum: values }), ...rest },
      { $ref: '#/$defs/FromEnvironment' },
    ],
  });
}

function split({ $schema: _, $defs: definitions = {}, ...schema }: JsonSchema) {
  return { schema, definitions };
}
