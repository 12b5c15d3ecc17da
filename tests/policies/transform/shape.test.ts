import fc from 'fast-check';
import { parseFieldPath } from '../../../src/policies/transform/field-path.ts';
import { compileShape } from '../../../src/policies/transform/shape.ts';

interface Written {
  readonly keep?: readonly string[];
  readonly drop?: readonly string[];
  readonly rename?: Readonly<Record<string, string>>;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly envelope?: string;
}

const shape = ({ keep = [], drop = [], rename = {}, set = {}, envelope }: Written, document: unknown) =>
  compileShape({
    keep: keep.map((path) => parseFieldPath(path)!),
    drop: drop.map((path) => parseFieldPath(path)!),
    rename: Object.entries(rename).map(([path, text]) => ({ path: parseFieldPath(path)!, text })),
    set: Object.entries(set).map(([path, value]) => ({ path: parseFieldPath(path) as string[], fill: () => value })),
    envelope,
  })(document, {});

const order = () => ({
  id: 7,
  note: 'secret',
  customer: { name: 'Ada', email: 'ada@example.com' },
  items: [
    { sku: 'a', cost: 1, tags: ['x'] },
    { sku: 'b', cost: 2 },
  ],
});

test.each<[Written, unknown]>([
  [{ keep: ['id', 'customer.name'] }, { id: 7, customer: { name: 'Ada' } }],
  [{ keep: ['items.sku'] }, { items: [{ sku: 'a' }, { sku: 'b' }] }],
  [{ keep: ['id.deeper', 'items.tags.x'] }, { items: [{ tags: [] }, {}] }],
  [{ keep: ['*.name'] }, { customer: { name: 'Ada' }, items: [{}, {}] }],
  [{ drop: ['note', 'customer', 'items.cost', 'items.tags'] }, { id: 7, items: [{ sku: 'a' }, { sku: 'b' }] }],
  [{ keep: ['id', 'note'], drop: ['note'], rename: { id: 'number' }, envelope: 'data' }, { data: { number: 7 } }],
  [{ keep: ['customer'], rename: { 'customer.name': 'email' } }, { customer: { email: 'Ada' } }],
  [
    { keep: ['items.sku', 'items.cost'], rename: { 'items.*': 'n/a', 'items.sku': 'cost', 'items.cost': 'sku' } },
    { items: [{ 'n/a': 1 }, { 'n/a': 2 }] },
  ],
])('%j makes %j', (written, expected) => {
  expect(shape(written, order())).toEqual(expected);
});

test('fields are set where they were or at the end, in each item of a list, and make the objects that they need', () => {
  const set = { 'customer.email': null, 'items.sku': 'x', 'a.b.c': 1, 'id.deeper': 2, note: true };
  expect(shape({ drop: ['items.cost', 'items.tags'], set }, order())).toEqual({
    id: 7,
    note: true,
    customer: { name: 'Ada', email: null },
    items: [{ sku: 'x' }, { sku: 'x' }],
    a: { b: { c: 1 } },
  });
  expect(shape({ set: { a: 1 } }, 'text')).toBe('text');
  expect(JSON.stringify(shape({ set: { '__proto__.a': 1 } }, {}))).toBe('{"__proto__":{"a":1}}');
});

test('two names can be exchanged', () => {
  expect(shape({ rename: { a: 'b', b: 'a' } }, { a: 1, b: 2 })).toEqual({ a: 2, b: 1 });
});

test('a list as the document is shaped item by item, and nothing is left of a plain value', () => {
  expect(shape({ keep: ['id'] }, [order(), 3, [{ id: 1, x: 2 }]])).toEqual([{ id: 7 }, [{ id: 1 }]]);
  expect(shape({ keep: ['id'] }, 'text')).toBeNull();
  expect(shape({ drop: ['id'] }, 'text')).toBe('text');
});

test('names that JavaScript gives a meaning are fields like others', () => {
  const document = JSON.parse('{"__proto__":{"a":1,"b":2},"constructor":1,"toString":2}');
  expect(JSON.stringify(shape({ drop: ['__proto__.a', 'constructor'] }, document))).toBe(
    '{"__proto__":{"b":2},"toString":2}',
  );
  expect(JSON.stringify(shape({ rename: { toString: '__proto__' } }, { toString: 1, valueOf: 2 }))).toBe(
    '{"__proto__":1,"valueOf":2}',
  );
  expect(shape({ keep: ['valueOf'] }, { a: 1 })).toEqual({});
});

test('a path tells dots and asterisks of names from its own', () => {
  expect(parseFieldPath('a\\.b.*.\\*.c\\\\d')).toEqual(['a.b', null, '*', 'c\\d']);
  for (const wrong of ['', '.a', 'a.', 'a..b', 'a\\']) expect(parseFieldPath(wrong)).toBeUndefined();
});

test('keep and drop by the same paths share a document between them, and lose nothing', () => {
  const leaf = fc.oneof(fc.integer(), fc.constant(null), fc.boolean());
  const key = fc.constantFrom('a', 'b', 'c', '__proto__');
  const { object } = fc.letrec((tie) => ({
    object: fc.dictionary(key, fc.oneof({ depthSize: 'small' }, leaf, tie('object')), { noNullPrototype: true }),
  }));
  const path = fc.array(fc.constantFrom('a', 'b', '*'), { minLength: 1, maxLength: 3 }).map((names) => names.join('.'));
  const leaves = (value: unknown, at = ''): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, member]) => leaves(member, `${at}/${name}`))
      : [`${at}=${value}`];
  fc.assert(
    fc.property(object, fc.array(path, { minLength: 1, maxLength: 3 }), (document, paths) => {
      const kept = leaves(shape({ keep: paths }, document));
      const dropped = leaves(shape({ drop: paths }, document));
      expect([...kept, ...dropped].sort()).toEqual(leaves(document).sort());
    }),
  );
});
