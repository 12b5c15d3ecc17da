import { createSchemaCompiler, SchemaError } from '../../../src/policies/validate/compile-schema.ts';

const compiler = createSchemaCompiler();

const problemsOf = (schema: Record<string, unknown>): string | undefined => {
  try {
    compiler.compileForJson(schema);
    return undefined;
  } catch (error) {
    if (error instanceof SchemaError) return error.message;
    throw error;
  }
};

describe('schemas that cannot be used are told with their place', () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      'a type that there is not',
      { type: 'object', properties: { a: { type: 'text' } } },
      '/properties/a/type: must be equal to one of the allowed values: array, boolean, integer, null, number, object, string',
    ],
    [
      'keywords that nobody knows, each of them',
      { type: 'object', exmaple: 1, properties: { 'a/b': { typ: 'x' } }, $defs: { d: { oneOf: [{ requird: [] }] } } },
      [
        '/exmaple: there is no keyword "exmaple" in JSON Schema',
        '/properties/a~1b/typ: there is no keyword "typ" in JSON Schema',
        '/$defs/d/oneOf/0/requird: there is no keyword "requird" in JSON Schema',
      ].join('\n'),
    ],
    [
      'keywords without the type that they are for',
      { type: 'object', properties: { 'a b': { items: true } } },
      '/properties/a b: missing type "array" for keyword "items" (strictTypes)',
    ],
    [
      'expressions that are none',
      { type: 'object', patternProperties: { '(': true } },
      '/patternProperties/(: not an RE2 expression: error parsing regexp: missing closing ): `(`',
    ],
    [
      'expressions that take too long',
      { type: 'array', items: { type: 'string', pattern: '(a)\\1' } },
      '/items/pattern: not an RE2 expression: error parsing regexp: invalid escape sequence: `\\1`',
    ],
    ['formats that nobody knows', { not: { type: 'string', format: 'zip' } }, '/not: unknown format "zip"'],
    [
      'references to other documents',
      { allOf: [{ $ref: 'https://example.com/a.json' }] },
      '/allOf/0/$ref: https://example.com/a.json is not in this schema, and others are not fetched',
    ],
    [
      'references to nowhere',
      { $ref: '#/$defs/gone' },
      '/$ref: #/$defs/gone is not in this schema, and others are not fetched',
    ],
    [
      'other drafts',
      { $schema: 'http://json-schema.org/draft-07/schema#' },
      '/$schema: only draft 2020-12 is read: https://json-schema.org/draft/2020-12/schema',
    ],
    [
      'comparisons without end',
      { type: 'array', maxItems: 1001, uniqueItems: true },
      '/uniqueItems: each item is compared with each: say maxItems, 1000 at the most',
    ],
    ['answers that come later', { $async: true }, '/$async: there is no keyword "$async" in JSON Schema'],
  ])('%s', (_, schema, message) => {
    expect(problemsOf(schema)).toBe(message);
  });

  test('what good schemas say is not refused', () => {
    expect(
      problemsOf({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: 'https://example.com/customer',
        title: 'Customer',
        type: 'object',
        properties: {
          name: { type: 'string', pattern: '^\\p{L}[\\w \\u00b7-]*$', examples: ['Ana'], default: 'Ana' },
          note: { type: ['string', 'null'], format: 'date-time', deprecated: true },
          tags: {
            type: 'array',
            prefixItems: [{ const: 'a' }],
            items: { $ref: '#/$defs/tag' },
            maxItems: 9,
            minItems: 1,
          },
          child: { $ref: '#' },
        },
        if: { properties: { name: { const: 'Ana' } }, type: 'object' },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, and nothing awaits this object
        then: { required: ['note'] },
        unevaluatedProperties: false,
        $defs: { tag: { type: 'string', minLength: 1 } },
      }),
    ).toBeUndefined();
  });

  test('no schema is known to the next: two may have the same name', () => {
    const named = (type: string) => ({
      $id: 'https://example.com/x',
      $ref: '#/$defs/y',
      $defs: { y: { $id: 'y', type } },
    });
    const [text, number] = [compiler.compileForJson(named('string')), compiler.compileForJson(named('number'))];
    expect([text('a', true), number(1, true)]).toEqual([[], []]);
    expect([text(1, true).length, number('a', true).length]).toEqual([1, 1]);
    expect(problemsOf({ $ref: 'https://example.com/x' })).toContain('is not in this schema');
  });
});

describe('JSON', () => {
  const check = compiler.compileForJson({
    type: 'object',
    properties: {
      name: { type: 'string' },
      'a/b~c': { type: 'array', items: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] } },
      constructor: { type: 'string' },
    },
    required: ['name', 'constructor'],
    additionalProperties: false,
  });

  test('each misfit has the path of what is wrong, missing or too much', () => {
    expect(check({ name: 5, 'a/b~c': [{ n: 1 }, {}, { n: 'x' }], extra: 1 }, true)).toEqual([
      { path: ['constructor'], message: "must have required property 'constructor'" },
      { path: ['extra'], message: 'must NOT have additional properties' },
      { path: ['name'], message: 'must be string' },
      { path: ['a/b~c', '1', 'n'], message: "must have required property 'n'" },
      { path: ['a/b~c', '2', 'n'], message: 'must be integer' },
    ]);
    expect(check({ name: 'Ana', constructor: 'c' }, true)).toEqual([]);
  });

  test('or only the first one', () => {
    expect(check({ name: 5, extra: 1 }, false)).toHaveLength(1);
    expect(check({ name: 'Ana', constructor: 'c' }, false)).toEqual([]);
  });

  test('nothing is made to fit: a number is no text', () => {
    const value = { name: 5, constructor: 'c' };
    expect(check(value, true)).toHaveLength(1);
    expect(value.name).toBe(5);
  });

  test('an expression and a text that would take the built-in engine for ever', () => {
    const slow = compiler.compileForJson({ type: 'string', pattern: '^(a+)+$' });
    expect(slow(`${'a'.repeat(5000)}!`, true)).toEqual([{ path: [], message: 'must match pattern "^(a+)+$"' }]);
    expect(slow('aaa', true)).toEqual([]);
  });
});

describe('texts', () => {
  const check = compiler.compileForTexts({
    type: 'object',
    properties: {
      text: { type: 'string', maxLength: 3 },
      page: { type: 'integer', minimum: 1 },
      price: { type: 'number' },
      all: { type: 'boolean' },
      ids: { type: 'array', items: { type: 'integer' }, maxItems: 3 },
    },
    additionalProperties: false,
  });

  test.each([
    [{ text: 'abc', page: '12', price: '-0.5', all: 'true', ids: ['1', '2'] }],
    [{ text: '123', ids: '7', all: 'false', page: '9007199254740991' }],
    [{ price: '0' }],
  ])('%j fits', (values) => {
    expect(check(values)).toEqual([]);
  });

  test.each([
    [{ page: 'x' }, ['page'], 'must be integer'],
    [{ page: '' }, ['page'], 'must be integer'],
    [{ page: '0' }, ['page'], 'must be >= 1'],
    [{ page: '1.5' }, ['page'], 'must be integer'],
    [{ page: '0x10' }, ['page'], 'must be a number in decimal digits'],
    [{ page: '1e3' }, ['page'], 'must be a number in decimal digits'],
    [{ page: ' 1' }, ['page'], 'must be a number in decimal digits'],
    [{ page: '+1' }, ['page'], 'must be a number in decimal digits'],
    [{ price: '.5' }, ['price'], 'must be a number in decimal digits'],
    [{ price: 'Infinity' }, ['price'], 'must be a number in decimal digits'],
    [{ ids: ['1', '02'] }, ['ids'], 'must be a number in decimal digits'],
    [{ ids: ['1', 'x'] }, ['ids', '1'], 'must be integer'],
    [{ ids: ['1', '2', '3', '4'] }, ['ids'], 'must NOT have more than 3 items'],
    [{ all: 'yes' }, ['all'], 'must be boolean'],
    [{ all: '1' }, ['all'], 'must be boolean'],
    [{ text: ['a', 'b'] }, ['text'], 'must be string'],
    [{ page: ['1', '1'] }, ['page'], 'must be integer'],
    [{ other: 'x' }, ['other'], 'must NOT have additional properties'],
  ])('%j does not', (values, path, message) => {
    expect(check(values)).toContainEqual({ path, message });
  });

  test('the values themselves stay the texts that they are', () => {
    const values = { page: '1', ids: ['1', '2'] };
    check(values);
    expect(values).toEqual({ page: '1', ids: ['1', '2'] });
  });
});
