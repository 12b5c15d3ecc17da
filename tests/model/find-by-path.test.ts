import { findByPath } from '../../src/model/find-by-path.ts';

const map = { a: { b: { c: 1 }, list: [{ x: 1 }] }, 'a.b': 2, none: null, '': { '': 3 } };

test.each<[string, unknown]>([
  ['a.b', 2],
  ['a.b.c', 1],
  ['none', null],
  ['none.x', undefined],
  ['a.x.c', undefined],
  ['a.list.0', undefined],
  ['a.list.length', undefined],
  ['constructor', undefined],
  ['a.constructor.name', undefined],
  ['__proto__.x', undefined],
  ['.', 3],
])('%s leads to %j', (path, value) => {
  expect(findByPath(map, path)).toEqual(value);
});
