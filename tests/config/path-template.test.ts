import { parsePathTemplate } from '../../src/config/path-template.ts';

test('takes a path apart', () => {
  expect(parsePathTemplate('/a/{id}/b/*')).toEqual({
    segments: [{ literal: 'a' }, { parameter: 'id' }, { literal: 'b' }],
    parameters: ['id'],
    wildcard: true,
  });
  expect(parsePathTemplate('/')).toEqual({ segments: [{ literal: '' }], parameters: [], wildcard: false });
  expect(parsePathTemplate('/*')).toEqual({ segments: [], parameters: [], wildcard: true });
  expect(parsePathTemplate('/a/')).toMatchObject({ segments: [{ literal: 'a' }, { literal: '' }] });
  expect(parsePathTemplate("/caf%C3%A9/a;b=1,2/~x!$&'()+:@")).toMatchObject({ parameters: [] });
});

test.each([
  ['', 'expected a path that begins with a slash'],
  ['a/b', 'expected a path that begins with a slash'],
  ['/a//b', 'a path has no empty segments: Garita merges double slashes before it matches'],
  ['//', 'a path has no empty segments: Garita merges double slashes before it matches'],
  ['/a//*', 'a path has no empty segments: Garita merges double slashes before it matches'],
  ['/a/../b', 'a path has no .. segments: Garita resolves them before it matches'],
  ['/./b', 'a path has no . segments: Garita resolves them before it matches'],
  ['/a/*/b', 'a * stands only for the whole last segment, as in /customers/*'],
  ['/a/b*', 'a * stands only for the whole last segment, as in /customers/*'],
  ['/a/x{id}', 'a parameter is a whole segment with a plain name, as in /{id}/: x{id}'],
  ['/a/{}', 'a parameter is a whole segment with a plain name, as in /{id}/: {}'],
  ['/a/{a-b}', 'a parameter is a whole segment with a plain name, as in /{id}/: {a-b}'],
  ['/a?b=1', 'a path has no ? and no #: conditions on the query stand under query'],
  ['/a#b', 'a path has no ? and no #: conditions on the query stand under query'],
  ['/café', 'write other characters percent-encoded, in upper-case hex digits: café'],
  ['/a b', 'write other characters percent-encoded, in upper-case hex digits: a b'],
  ['/%c3%a9', 'write other characters percent-encoded, in upper-case hex digits: %c3%a9'],
  ['/100%', 'write other characters percent-encoded, in upper-case hex digits: 100%'],
  ['/%41', 'write this character itself, not its escape: %41'],
  ['/a%7E', 'write this character itself, not its escape: %7E'],
])('%s: %s', (written, message) => expect(parsePathTemplate(written)).toBe(message));
