// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment are the subject here
import * as z from 'zod';
import { generateJsonSchema } from '../../src/config/json-schema.ts';
import { duration } from '../../src/config/values.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document of any shape is looked into
type Json = any;

const policies = [
  { name: 'cache', options: z.strictObject({ fresh: duration().describe('How long.') }) },
  { name: 'log', options: z.strictObject({ loud: z.boolean().default(false) }) },
];
const schema: Json = generateJsonSchema(policies, ['round-robin', 'random-two']);

test('is of the draft that editors read, and closed everywhere', () => {
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Garita',
    type: 'object',
    required: ['version', 'issuer'],
    additionalProperties: false,
  });
  expect(schema.properties.services.additionalProperties).toMatchObject({
    required: ['instances'],
    additionalProperties: false,
  });
});

test('describes what is written, not what is decoded', () => {
  const [written] = schema.properties.limits.properties.headerTimeout.anyOf;
  expect(written.type).toBe('string');
  expect('10s').toMatch(new RegExp(written.pattern));
  expect(schema.properties.limits.properties.headerTimeout.default).toBe('10s');
  expect(schema.$defs.Access.anyOf[0].anyOf[0].enum).toEqual(['public', 'authenticated']);
});

test('a reference to the environment fits where more than a text is asked for', () => {
  const reference = { $ref: '#/$defs/FromEnvironment' };
  expect(schema.properties.log.properties.exchanges.anyOf).toContainEqual(reference);
  expect(schema.properties.log.properties.level.anyOf).toContainEqual(reference);
  expect(schema.properties.limits.properties.body.anyOf).toContainEqual(reference);
  expect('${LIMIT:-5}').toMatch(new RegExp(schema.$defs.FromEnvironment.pattern));
});

test('each policy describes its own options', () => {
  const { properties, allOf } = schema.$defs.PolicyUse;
  expect(properties.use.enum).toEqual(['cache', 'log']);
  expect(allOf).toHaveLength(2);
  expect(allOf[0].if).toEqual({ properties: { use: { const: 'cache' } }, required: ['use'] });
  expect(allOf[0].then.required).toEqual(['with']);
  expect(allOf[0].then.properties.with).toMatchObject({
    required: ['fresh'],
    additionalProperties: false,
    properties: { fresh: { description: 'How long.' } },
  });
  expect(allOf[1].then.required).toBeUndefined();
});

test('names the balancers', () => {
  expect(schema.$defs.Balancer.enum).toEqual(['round-robin', 'random-two']);
  expect(schema.properties.services.additionalProperties.properties.balance.$ref).toBe('#/$defs/Balancer');
});

test('every reference leads somewhere', () => {
  const targets = [...JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)].map((match) => match[1]!);
  expect(new Set(targets)).toEqual(
    new Set(['FromEnvironment', 'Balancer', 'Access', 'When', 'Condition', 'PolicyUse']),
  );
  for (const target of targets) expect(schema.$defs).toHaveProperty(target);
});

test('generating it leaves no trace in the next', () => {
  expect(generateJsonSchema(policies, ['round-robin', 'random-two'])).toEqual(schema);
});

test('what people set is described', () => {
  const silent = Object.entries<Json>(schema.properties)
    .filter(([, property]) => property.description === undefined)
    .map(([name]) => name);
  expect(silent).toEqual([]);
});
