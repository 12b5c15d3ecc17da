import fc from 'fast-check';
import { compileHeaderEdits } from '../../../src/policies/transform/header-edits.ts';
import { edit } from './edit.ts';

const change = (headers: readonly string[], edits: Parameters<typeof edit>[0], params = {}) =>
  compileHeaderEdits(edit(edits))(headers, params);

test('removes, renames, sets and adds, in this order and without regard to case', () => {
  const headers = ['X-A', '1', 'x-b', '2', 'X-C', '3', 'x-c', '4', 'X-D', '5'];
  expect(
    change(headers, {
      remove: ['x-B', 'x-gone'],
      rename: { 'X-c': 'X-Renamed', 'x-d': 'x-a' },
      set: { 'x-A': 'one' },
      add: { 'x-renamed': 'more' },
    }),
  ).toEqual(['X-Renamed', '3', 'X-Renamed', '4', 'x-A', 'one', 'x-renamed', 'more']);
});

test('values hold what the path captured, and braces when doubled', () => {
  const edits = { set: { 'x-key': 'customer:{id}', 'x-json': '{{"id":"{id}"}}' } };
  expect(change([], edits, { id: 'a%20b' })).toEqual(['x-key', 'customer:a%20b', 'x-json', '{"id":"a%20b"}']);
});

const fieldName = fc.constantFrom('X-A', 'x-a', 'X-b', 'x-B', '__proto__', 'constructor', 'Set-Cookie');
const fields = fc.array(fc.tuple(fieldName, fc.string()));
const names = fc.subarray(['x-a', 'x-b', '__proto__', 'set-cookie']);

test('nothing but what was named is dropped, and nothing but what was added appears', () => {
  fc.assert(
    fc.property(fields, names, names, (list, remove, set) => {
      const named = [...remove, ...set];
      const left = list.filter(([name]) => !named.includes(name.toLowerCase()));
      const values = set.filter((name) => name !== '__proto__').map((name) => [name, 'v'] as const);
      const setProto = set.includes('__proto__') ? [['__proto__', 'v'] as const] : [];
      const edits = { remove, set: Object.fromEntries([...values, ...setProto]) };
      const before = list.flat();
      const headers = [...before];
      expect(change(headers, edits)).toEqual([...left, ...Object.entries(edits.set)].flat());
      expect(headers).toEqual(before);
    }),
  );
});
