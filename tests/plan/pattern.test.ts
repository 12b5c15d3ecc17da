import fc from 'fast-check';
import { compilePathPattern, compilePattern, splitPattern } from '../../src/plan/pattern.ts';

describe.each([
  ['compilePattern', compilePattern],
  ['compilePathPattern', compilePathPattern],
])('%s', (_, compile) => {
  test('matches the whole text and gives the named groups', () => {
    const pattern = compile('^/orders/(?<id>[0-9]+)/(?<part>[a-z]*)$');
    expect({ ...pattern.match('/orders/42/') }).toEqual({ id: '42', part: '' });
    expect(pattern.match('/orders/42/x/')).toBeUndefined();
    expect(pattern.match('/orders/4x2/a')).toBeUndefined();
  });

  test('a match without named groups is an empty map, not undefined', () => {
    expect({ ...compile('^/a$').match('/a') }).toEqual({});
  });

  test('a group that took no part is an empty text', () => {
    expect({ ...compile('^/(?:(?<a>x)|(?<b>y))$').match('/y') }).toEqual({ a: '', b: 'y' });
  });

  test.each(['^(?=a)$', '^(a)\\1$', '^/(?<id>[0-9]+$', '^/[z-a]$', '^/a**$', '^/a{2000}$'])('refuses %s', (source) => {
    expect(() => compile(source)).toThrow(Error);
  });

  test.each(['^(a+)+$', '^(a|a)*$', '^([a-z]+)*$', '^(.*)*x$', '^(a|aa)+$'])(
    'reads 50,000 characters by %s',
    (source) => {
      expect(compile(source).match(`${'a'.repeat(50_000)}!`)).toBeUndefined();
    },
  );
});

test('compilePattern matches whole values although the expression has no anchors', () => {
  const pattern = compilePattern('beta|canary');
  expect(pattern.match('canary')).toBeDefined();
  expect(pattern.match('canary-2')).toBeUndefined();
  expect(pattern.match('a beta')).toBeUndefined();
});

describe('splitPattern', () => {
  test.each([
    ['^/api/v1/orders/(?<id>[0-9]+)$', ['api', 'v1', 'orders']],
    ['^/api/v1\\.0/x$', ['api', 'v1.0']],
    ['^/api/orders$', ['api']],
    ['^/api/orders/?$', ['api']],
    ['^/api/x*/y$', ['api']],
    ['^/api/x{2}/y$', ['api']],
    ['^/api/*$', []],
    ['^/a|^/b/c/d$', []],
    ['^/(a|b)/c$', []],
    ['^/(?i)api/x/y$', []],
    ['^/$', []],
  ])('%s begins with %j', (source, segments) => {
    expect(splitPattern(source).segments).toEqual(segments);
  });

  // An expression together with a path that fits it, piece by piece.
  const piece = fc.constantFrom(
    ['a', 'a'],
    ['b', 'b'],
    ['/', '/'],
    ['/', '/'],
    ['/v1/', '/v1/'],
    ['\\.', '.'],
    ['%', '%'],
    ['x?', ''],
    ['x?', 'x'],
    ['/?', ''],
    ['/*', ''],
    ['a*', 'aa'],
    ['a{0}', ''],
    ['a{2}', 'aa'],
    ['a??', ''],
    ['(?<n>[a-z]+)', 'name'],
    ['(?:b/)?', ''],
    ['(?i)', ''],
    ['(?i)A', 'a'],
    ['[ab]/', 'b/'],
    ['\\Qa\\E', 'a'],
    ['(a|b/c)', 'b/c'],
    ['|', ''],
  );

  test('are what every matching path begins with', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const source = `^/${pieces.map(([written]) => written).join('')}$`;
        const path = `/${pieces.map(([, matched]) => matched).join('')}`;
        let pattern: ReturnType<typeof compilePathPattern>;
        try {
          pattern = compilePathPattern(source);
        } catch {
          return;
        }
        const groups = pattern.match(path);
        if (groups === undefined) return;
        const { segments, rest } = splitPattern(source);
        expect({ source, path, begins: path.split('/').slice(1, segments.length + 1) }).toEqual({
          source,
          path,
          begins: segments,
        });
        // What comes after them is at least a slash, and the rest of the expression says the same about it.
        const remainder = path.slice(segments.reduce((length, segment) => length + 1 + segment.length, 0));
        expect(remainder).toMatch(/^\//);
        expect({ source, groups: { ...compilePathPattern(rest).match(remainder) } }).toEqual({
          source,
          groups: { ...groups },
        });
        expect(compilePathPattern(rest).match(`${remainder}\x00`)).toBeUndefined();
      }),
      { numRuns: 3_000 },
    );
  });
});
