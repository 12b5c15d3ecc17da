import fc from 'fast-check';
import { capturesOf, type RouteMatch } from '../../src/config/route-match.ts';
import { compileMatcher, type MatchQuestion } from '../../src/plan/matcher.ts';

type Row = RouteMatch & { readonly priority?: number };

/** A matcher over named rows that answers in one text: the name, the methods of a 405, or nothing. */
function finder(rows: Record<string, Row>) {
  const entries = Object.entries(rows).map(([value, { priority = 0, ...match }]) => ({ match, priority, value }));
  const matcher = compileMatcher(entries);
  return (question: Partial<MatchQuestion> = {}) => {
    const found = matcher.find({ method: 'GET', host: 'h', path: '/', query: '', headers: [], ...question });
    if (found.kind === 'method') return found.allowed.join(' ');
    return found.kind === 'none' ? undefined : found.value;
  };
}

const capturesIn = (match: RouteMatch, path: string) => {
  const found = compileMatcher([{ match, priority: 0, value: '' }]).find({
    method: 'GET',
    host: 'h',
    path,
    query: '',
    headers: [],
  });
  return found.kind === 'route' ? { ...found.captures } : undefined;
};

test('without routes nothing matches', () => {
  expect(finder({})()).toBeUndefined();
});

describe('methods', () => {
  test('GET implies HEAD, and nothing else implies anything', () => {
    const find = finder({ read: { methods: ['GET'], path: '/a' }, write: { methods: ['PUT'], path: '/a' } });
    expect(find({ path: '/a', method: 'HEAD' })).toBe('read');
    expect(find({ path: '/a', method: 'PUT' })).toBe('write');
  });

  test('none given takes all, made-up ones too', () => {
    expect(finder({ all: { path: '/a' } })({ path: '/a', method: 'BREW' })).toBe('all');
  });

  test('a path that exists for other methods tells all of them, sorted', () => {
    const find = finder({
      read: { methods: ['GET'], path: '/a/{id}' },
      write: { methods: ['PUT', 'DELETE'], path: '/a/1' },
      below: { methods: ['PATCH'], path: '/a/*' },
      other: { methods: ['POST'], path: '/b' },
    });
    expect(find({ path: '/a/1', method: 'POST' })).toBe('DELETE GET HEAD PATCH PUT');
    expect(find({ path: '/a/2', method: 'POST' })).toBe('GET HEAD PATCH');
    expect(find({ path: '/c', method: 'POST' })).toBeUndefined();
  });

  test('a route whose conditions fail tells nothing about methods', () => {
    const find = finder({ beta: { methods: ['PUT'], path: '/a', headers: { 'x-beta': '1' } } });
    expect(find({ path: '/a' })).toBeUndefined();
    expect(find({ path: '/a', headers: ['X-Beta', '1'] })).toBe('PUT');
  });
});

describe('hosts', () => {
  const find = finder({
    any: { path: '/*' },
    short: { path: '/*', hosts: ['*.example.com'] },
    long: { path: '/*', hosts: ['*.eu.example.com'] },
    exact: { path: '/*', hosts: ['api.eu.example.com', 'localhost', '[::1]'] },
  });

  test.each([
    ['api.eu.example.com', 'exact'],
    ['api.eu.example.com:8080', 'exact'],
    ['web.eu.example.com', 'long'],
    ['a.b.eu.example.com', 'long'],
    ['eu.example.com', 'short'],
    ['example.com', 'any'],
    ['example.com.evil.test', 'any'],
    ['notexample.com', 'any'],
    ['localhost', 'exact'],
    ['[::1]:80', 'exact'],
    ['[::1]', 'exact'],
    ['', 'any'],
  ])('%s → %s', (host, name) => {
    expect(find({ host })).toBe(name);
  });

  test('a nearer host without the path leaves it to the next', () => {
    const sparse = finder({ named: { path: '/a', hosts: ['x.test'] }, any: { path: '/{id}' } });
    expect(sparse({ host: 'x.test', path: '/a' })).toBe('named');
    expect(sparse({ host: 'x.test', path: '/b' })).toBe('any');
  });
});

describe('the order of paths', () => {
  const rows: Record<string, Row> = {
    wildcard: { path: '/a/*' },
    parameter: { path: '/a/{id}' },
    expression: { pattern: '^/a/(?<id>[0-9]+)$' },
    literal: { path: '/a/1' },
  };

  test.each([Object.keys(rows), Object.keys(rows).reverse()])('does not depend on the file: %s first', (...names) => {
    const find = finder(Object.fromEntries(names.map((name) => [name, rows[name]!])));
    expect(find({ path: '/a/1' })).toBe('literal');
    expect(find({ path: '/a/2' })).toBe('expression');
    expect(find({ path: '/a/x' })).toBe('parameter');
    expect(find({ path: '/a/x/y' })).toBe('wildcard');
  });

  test('is decided segment by segment, and a dead end is left again', () => {
    const find = finder({ deep: { path: '/a/b/c' }, wide: { path: '/{x}/b/d' }, all: { path: '/a/*' } });
    expect(find({ path: '/a/b/c' })).toBe('deep');
    expect(find({ path: '/a/b/d' })).toBe('all');
    expect(find({ path: '/z/b/d' })).toBe('wide');
  });

  test('priority beats host, path and conditions', () => {
    const find = finder({
      first: { path: '/a/b', hosts: ['h'], headers: { x: '1' } },
      strong: { path: '/*', priority: 1 },
      stronger: { pattern: '^/a/.*$', priority: 2, methods: ['PUT'] },
    });
    expect(find({ path: '/a/b', headers: ['X', '1'] })).toBe('strong');
    expect(find({ path: '/a/b', method: 'PUT' })).toBe('stronger');
  });

  test('a low priority is found when nothing else fits', () => {
    const find = finder({ last: { path: '/*', priority: -1 }, a: { path: '/a' } });
    expect(find({ path: '/b' })).toBe('last');
    expect(find({ path: '/a' })).toBe('a');
  });
});

describe('conditions', () => {
  const find = finder({
    plain: { path: '/a' },
    value: { path: '/a', headers: { 'x-kind': 'v' } },
    gone: { path: '/b', headers: { 'x-kind': { present: false } } },
    there: { path: '/c', query: { page: { present: true } } },
    form: { path: '/d', query: { page: { pattern: '[0-9]+' } }, headers: { 'x-kind': { pattern: 'v.*' } } },
    decoded: { path: '/e', query: { name: 'a b' } },
  });

  test('what has conditions is asked first, wherever it stands', () => {
    expect(find({ path: '/a', headers: ['X-Kind', 'v'] })).toBe('value');
    expect(find({ path: '/a', headers: ['X-Kind', 'w'] })).toBe('plain');
  });

  test('one of several values is enough', () => {
    expect(find({ path: '/a', headers: ['x-kind', 'w', 'X-KIND', 'v'] })).toBe('value');
  });

  test('presence', () => {
    expect(find({ path: '/b' })).toBe('gone');
    expect(find({ path: '/b', headers: ['X-Kind', ''] })).toBeUndefined();
    expect(find({ path: '/c', query: '?page' })).toBe('there');
    expect(find({ path: '/c', query: '?pages=1' })).toBeUndefined();
  });

  test('expressions cover the whole value, and all conditions must hold', () => {
    expect(find({ path: '/d', query: '?page=12', headers: ['x-kind', 'v1'] })).toBe('form');
    expect(find({ path: '/d', query: '?page=12a', headers: ['x-kind', 'v1'] })).toBeUndefined();
    expect(find({ path: '/d', query: '?page=12' })).toBeUndefined();
  });

  test('query values are compared decoded', () => {
    expect(find({ path: '/e', query: '?name=a%20b' })).toBe('decoded');
    expect(find({ path: '/e', query: '?x=1&name=a+b' })).toBe('decoded');
  });
});

describe('captures', () => {
  test.each([
    ['/x/*', '/x', { '*': '' }],
    ['/x/*', '/x/', { '*': '/' }],
    ['/x/*', '/x/y/z', { '*': '/y/z' }],
    ['/x/*', '/xy', undefined],
    ['/*', '/', { '*': '/' }],
    ['/*', '/a', { '*': '/a' }],
    ['/x/{id}', '/x/a%2Cb', { id: 'a%2Cb' }],
    ['/x/{id}', '/x/', undefined],
    ['/x/{id}', '/x/1/', undefined],
    ['/x/{id}/', '/x/1/', { id: '1' }],
    ['/x/{id}/y/{part}/*', '/x/1/y/2/3', { id: '1', part: '2', '*': '/3' }],
    ['/x', '/x/', undefined],
    ['/x/', '/x', undefined],
    ['/', '/', {}],
  ])('%s of %s', (path, asked, captures) => {
    expect(capturesIn({ path }, asked)).toEqual(captures);
  });

  test('of an expression are its groups, undecoded', () => {
    expect(capturesIn({ pattern: '^/x/(?<id>.+)$' }, '/x/a%2Cb/c')).toEqual({ id: 'a%2Cb/c' });
  });

  test('of a branch that was left again are gone', () => {
    const matcher = compileMatcher([
      { match: { path: '/{a}/x/{b}/y' }, priority: 0, value: 'long' },
      { match: { path: '/{only}/*' }, priority: 0, value: 'rest' },
    ]);
    const found = matcher.find({ method: 'GET', host: 'h', path: '/1/x/2/z', query: '', headers: [] });
    expect(found).toEqual({ kind: 'route', value: 'rest', captures: { only: '1', '*': '/x/2/z' } });
  });
});

test('what may come is foreseen up to the first route that header fields cannot take it from', () => {
  const rows: Record<string, Row> = {
    later: { path: '/*' },
    plain: { path: '/a' },
    beta: { path: '/a', headers: { 'x-beta': '1' }, query: { v: '2' } },
    first: { path: '/*', headers: { 'x-first': '1' }, priority: 1 },
    written: { path: '/a', methods: ['PUT'], headers: { 'x-beta': '1' } },
  };
  const matcher = compileMatcher(
    Object.entries(rows).map(([value, { priority = 0, ...match }]) => ({ match, priority, value })),
  );
  const foresee = (method: string, query: string) => matcher.foresee({ method, host: 'h', path: '/a', query });
  expect(foresee('GET', '')).toEqual(['first', 'plain']);
  expect(foresee('GET', '?v=2')).toEqual(['first', 'beta', 'plain']);
  expect(foresee('PUT', '')).toEqual(['first', 'written', 'plain']);
  expect(matcher.foresee({ method: 'GET', host: 'h', path: '/b', query: '' })).toEqual(['first', 'later']);
});

describe('beside a linear search', () => {
  const segment = fc.constantFrom('a', 'b', '{p}', '{q}');
  const path = fc
    .tuple(fc.uniqueArray(segment, { maxLength: 3 }), fc.constantFrom('', '', '/*', '/'))
    .map(([segments, end]) =>
      segments.length === 0 && end === '' ? '/' : segments.map((it) => `/${it}`).join('') + end,
    );
  const shape: fc.Arbitrary<RouteMatch> = fc.oneof(
    { weight: 4, arbitrary: path.map((it) => ({ path: it })) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('^/a/(?<p>.*)$', '^/(?<p>[ab])$', '^/a/b/?$', '^/(a|b)/.*$', '^/a$')
        .map((it) => ({ pattern: it })),
    },
  );
  const row = fc.record({
    shape,
    methods: fc.option(fc.subarray(['GET', 'PUT'], { minLength: 1 }), { nil: undefined }),
    hosts: fc.option(fc.subarray(['x.test', '*.test', '*.x.test'], { minLength: 1 }), { nil: undefined }),
    priority: fc.constantFrom(0, 0, 1, -1),
    beta: fc.boolean(),
  });
  const question = fc.record({
    method: fc.constantFrom('GET', 'HEAD', 'PUT', 'POST'),
    host: fc.constantFrom('x.test', 'y.test', 'a.x.test', 'other'),
    path: fc.constantFrom('/', '/a', '/b', '/a/', '/a/b', '/a/b/', '/b/a/a', '/a/b/c/d', '/c', '/c/'),
    headers: fc.constantFrom([], ['X-Beta', '1']),
  });

  const expressionOf = (match: RouteMatch): RegExp => {
    if (match.pattern !== undefined) return new RegExp(match.pattern);
    const rest = match.path!.endsWith('/*') ? '(?:/.*)?' : '';
    const body = match.path!.replace(/\/\*$/, '').replace(/\{\w+\}/g, '[^/]+');
    return new RegExp(`^${body}${rest}$`);
  };
  const fits = (host: string, wanted: string) =>
    wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : wanted === host;

  test('it says the same, and its winner is one of the best by priority and host', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 8 }),
        fc.array(question, { minLength: 5, maxLength: 5 }),
        (rows, asked) => {
          const entries = rows.map(({ shape: base, methods, hosts, priority, beta }, value) => {
            const match: RouteMatch = {
              ...base,
              ...(methods && { methods }),
              ...(hosts && { hosts }),
              ...(beta && { headers: { 'x-beta': { present: true } } }),
            };
            return { match, priority, value };
          });
          const matcher = compileMatcher(entries);
          for (const one of asked) {
            const found = matcher.find({ ...one, query: '' });
            const foreseen = matcher.foresee({ ...one, query: '' });
            if (found.kind === 'route') expect(foreseen).toContain(found.value);
            expect(foreseen.findIndex((value) => !rows[value]!.beta)).toBe(
              foreseen.some((value) => !rows[value]!.beta) ? foreseen.length - 1 : -1,
            );
            const reachable = entries
              .map((entry) => ({
                ...entry,
                host: Math.max(
                  ...(entry.match.hosts ?? ['']).map((it) =>
                    it === '' ? 0 : fits(one.host, it) ? (it.startsWith('*') ? it.length : 1_000) : -1,
                  ),
                ),
              }))
              .filter(({ host }) => host >= 0)
              .filter(({ match }) => expressionOf(match).test(one.path))
              .filter(({ match }) => match.headers === undefined || one.headers.length > 0);
            const taken = reachable.filter(({ match: { methods } }) => {
              return (
                methods === undefined ||
                methods.includes(one.method) ||
                (one.method === 'HEAD' && methods.includes('GET'))
              );
            });
            if (taken.length === 0) {
              const allowed = new Set(reachable.flatMap(({ match }) => match.methods ?? []));
              if (allowed.has('GET')) allowed.add('HEAD');
              expect(found).toEqual(
                allowed.size === 0 ? { kind: 'none' } : { kind: 'method', allowed: [...allowed].sort() },
              );
              continue;
            }
            const highest = Math.max(...taken.map(({ priority }) => priority));
            const strongest = taken.filter(({ priority }) => priority === highest);
            const nearest = Math.max(...strongest.map(({ host }) => host));
            const best = strongest.filter(({ host }) => host === nearest);
            expect(found.kind).toBe('route');
            if (found.kind !== 'route') continue;
            expect(best.map(({ value }) => value)).toContain(found.value);
            const winner = entries[found.value]!.match;
            const literal = best.find(({ match }) => match.path === one.path && !match.path.includes('*'));
            if (literal !== undefined && winner.pattern === undefined) expect(winner.path).toBe(one.path);
            const { parameters, wildcard } = capturesOf(winner);
            expect(Object.keys(found.captures).sort()).toEqual([...(wildcard ? ['*'] : []), ...parameters].sort());
            if (winner.path !== undefined) {
              const { captures } = found;
              const filled = winner.path
                .replace(/\/\*$/, () => captures['*']!)
                .replace(/\{(\w+)\}/g, (_, name: string) => captures[name]!);
              expect(filled).toBe(one.path);
            }
          }
        },
      ),
      { numRuns: 1_500 },
    );
  });
});
