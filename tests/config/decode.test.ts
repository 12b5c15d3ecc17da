import * as z from 'zod';
import { decode, showValue } from '../../src/config/decode.ts';
import { expecting } from '../../src/config/expecting.ts';

const messagesOf = (schema: z.ZodType, input: unknown) => {
  const decoded = decode(schema, input);
  return decoded.ok ? [] : decoded.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

test('pieces without messages of their own read well too', () => {
  const schema = z.strictObject({ a: z.string(), b: z.number().min(3), c: z.enum(['x', 'y']), d: z.array(z.int()) });
  expect(messagesOf(schema, { a: 1, b: 1, c: 'z', d: [1.5] })).toEqual([
    'a: expected a text, got 1',
    'b: expected at least 3, got 1',
    'c: expected x or y, got "z"',
    'd.0: expected a whole number, got 1.5',
  ]);
});

test('several unknown keys are several problems', () => {
  expect(messagesOf(z.strictObject({ limit: z.int().optional() }), { limt: 1, zzz: 2 })).toEqual([
    'limt: unknown key "limt": did you mean "limit"?',
    'zzz: unknown key "zzz": known are limit',
  ]);
  expect(messagesOf(z.strictObject({}), { x: 1 })).toEqual(['x: unknown key "x": there are none here']);
});

describe('alternatives', () => {
  const schema = z.strictObject({
    v: z.union(
      [z.string(), z.strictObject({ a: z.int() }), z.strictObject({ b: z.int(), c: z.int() })],
      expecting('a text, { a } or { b, c }'),
    ),
  });

  test('the one that was meant explains', () => {
    expect(messagesOf(schema, { v: { a: 'x' } })).toEqual(['v.a: expected a number, got "x"']);
    expect(messagesOf(schema, { v: { b: 1, c: 'x' } })).toEqual(['v.c: expected a number, got "x"']);
  });

  test('when none is clearly meant, all are named', () => {
    expect(messagesOf(schema, { v: 5 })).toEqual(['v: expected a text, { a } or { b, c }, got 5']);
    expect(messagesOf(schema, {})).toEqual(['v: missing: expected a text, { a } or { b, c }']);
  });
});

test.each([
  [null, 'nothing'],
  [[], 'an empty list'],
  [[1], 'a list'],
  [{}, 'an empty map'],
  [{ a: 1 }, 'a map'],
  [1.5, '1.5'],
  [true, 'true'],
  ['a\n"b"', '"a\\n\\"b\\""'],
])('%j is shown as %s', (value, shown) => expect(showValue(value)).toBe(shown));

test('a long text is cut', () => expect(showValue('x'.repeat(1_000))).toBe(`"${'x'.repeat(57)}…"`));
