import fc from 'fast-check';
import { PathTree } from '../../../src/policies/cache/path-tree.ts';

test('finds the keys of a path, and of all below it', () => {
  const tree = new PathTree();
  for (const path of ['/a', '/a/b', '/a/b/c', '/ab', '/a/']) tree.add(path, `k${path}`);
  expect(tree.find('/a', false)).toEqual(['k/a']);
  expect(tree.find('/a', true).sort()).toEqual(['k/a', 'k/a/', 'k/a/b', 'k/a/b/c']);
  expect(tree.find('/a/b/c', true)).toEqual(['k/a/b/c']);
  expect(tree.find('/x', true)).toEqual([]);
});

test('agrees with a list', () => {
  const path = fc
    .array(fc.constantFrom('a', 'b', '__proto__', ''), { minLength: 1, maxLength: 3 })
    .map((segments) => `/${segments.join('/')}`);
  const step = fc.record({
    verb: fc.constantFrom('add', 'add', 'remove', 'find', 'below'),
    path,
    key: fc.constantFrom('1', '2'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const tree = new PathTree();
      const model = new Set<string>();
      for (const { verb, path: at, key } of steps) {
        const entry = `${at} ${key}`;
        if (verb === 'add') {
          tree.add(at, key);
          model.add(entry);
        } else if (verb === 'remove') {
          tree.remove(at, key);
          model.delete(entry);
        } else {
          const expected = [...model].filter((it) => {
            const [where = ''] = it.split(' ');
            return where === at || (verb === 'below' && where.startsWith(`${at}/`));
          });
          expect(tree.find(at, verb === 'below').sort()).toEqual(expected.map((it) => it.split(' ')[1]).sort());
        }
      }
    }),
  );
});
