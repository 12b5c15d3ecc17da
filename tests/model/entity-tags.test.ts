import { codedTag, plainTags, shapedTag, withPlainTags } from '../../src/model/entity-tags.ts';

test('the tag of a coding can be told from the plain one and leads back to it', () => {
  expect(codedTag('"a,b"', 'br')).toBe('"a,b.garita-br"');
  expect(plainTags('"a,b.garita-br"')).toBe('"a,b"');
  expect(plainTags('"a,b.garita-br"', 'br')).toBe('"a,b"');
});

test.each(['W/"a"', 'a', '"', ''])('%j, which is no strong tag, stays', (tag) => {
  expect(codedTag(tag, 'br')).toBe(tag);
});

test.each([
  ['"a.garita-br", "b" , "c.garita-gzip"', '"a", "b" , "c"'],
  ['"a","b.garita-br"', '"a","b"'],
  ['W/"a.garita-zstd"', 'W/"a"'],
  ['"a.garita-lz4", "garita-br", *', '"a.garita-lz4", "garita-br", *'],
])('%j is %j', (list, plain) => {
  expect(plainTags(list)).toBe(plain);
});

test('the tag of another form leads back too, weak ones and compressed ones included', () => {
  const shaped = shapedTag('"a"', '0123abcd');
  expect(shaped).toBe('"a.garita-0123abcd"');
  const both = codedTag(shaped, 'br');
  expect([plainTags(both, 'br'), plainTags(both, '0123abcd'), plainTags(both)]).toEqual([shaped, both, '"a"']);
  expect(plainTags(shapedTag('W/"a"', '0123abcd'), '0123abcd')).toBe('W/"a"');
  expect(plainTags(shaped, '4567abcd')).toBe(shaped);
  expect(shapedTag('a', '0123abcd')).toBe('a');
});

test('tags of another coding are of no use to the service', () => {
  expect(plainTags('"a.garita-br", "a.garita-gzip"', 'gzip')).toBe('"a.garita-br", "a"');
});

test('only the field that is named changes', () => {
  const headers = ['IF-Match', '"a.garita-br"', 'If-Range', '"a.garita-br"'];
  expect(withPlainTags(headers, 'if-match')).toEqual(['IF-Match', '"a"', 'If-Range', '"a.garita-br"']);
});
