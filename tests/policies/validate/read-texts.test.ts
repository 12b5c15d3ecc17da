import fc from 'fast-check';
import { readHeaders, readParams, readQuery } from '../../../src/policies/validate/read-texts.ts';

test.each([
  ['', {}],
  ['?', {}],
  ['?&&', {}],
  ['?a=1&b=x+y%20z', { a: '1', b: 'x y z' }],
  ['?a=1&a=2&a=3', { a: ['1', '2', '3'] }],
  ['?a&b=&c=d=e&=f', { a: '', b: '', c: 'd=e', '': 'f' }],
  ['?%61=%C3%A9', { a: 'é' }],
])('%s', (query, values) => {
  expect({ ...readQuery(query).values }).toEqual(values);
  expect(readQuery(query).unreadable.size).toBe(0);
});

test('what a form or a URLSearchParams writes is read as it was meant', () => {
  const pair = fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(fc.array(pair), (pairs) => {
      const { values, unreadable } = readQuery(`?${new URLSearchParams(pairs)}`);
      const read = Object.entries(values).flatMap(([name, value]) => [value].flat().map((one) => `${name}=${one}`));
      expect(read.sort()).toEqual(pairs.map(([name, value]) => `${name}=${value}`).sort());
      expect(unreadable.size).toBe(0);
    }),
  );
});

test('a value that is not percent-encoded UTF-8 is nobody’s to guess', () => {
  const { values, unreadable } = readQuery('?a=%ff&b=%4&%zz=1&c=1');
  expect([{ ...values }, [...unreadable]]).toEqual([{ c: '1' }, ['a', 'b', '%zz']]);
  expect(readParams({ id: '%ff', name: 'a%20b+c' })).toEqual({
    values: { name: 'a b+c' },
    unreadable: new Set(['id']),
  });
});

test('a name may be any text', () => {
  const { values } = readQuery('?__proto__=1&constructor=2');
  expect(Object.entries(values)).toEqual([
    ['__proto__', '1'],
    ['constructor', '2'],
  ]);
});

test('fields by their names in lower case, each line a value', () => {
  const { values } = readHeaders(['Accept', 'a, b', 'X-Tag', '1', 'x-tag', '2']);
  expect({ ...values }).toEqual({ accept: 'a, b', 'x-tag': ['1', '2'] });
});
