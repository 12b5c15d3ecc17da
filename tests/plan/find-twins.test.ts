import type { RouteConfig, RouteMatch } from '../../src/config/schema.ts';
import { findTwins } from '../../src/plan/find-twins.ts';

const route = (match: RouteMatch, priority = 0, id = 'r'): RouteConfig => ({
  id,
  match,
  priority,
  to: { service: 's' },
  policies: [],
});

const areTwins = (a: RouteMatch, b: RouteMatch) => findTwins([route(a), route(b)]).length === 1;

test.each<[string, RouteMatch, RouteMatch]>([
  ['the same path', { path: '/a' }, { path: '/a' }],
  ['other parameter names', { path: '/a/{id}/*' }, { path: '/a/{number}/*' }],
  ['the same expression', { pattern: '^/a$' }, { pattern: '^/a$' }],
  ['one method in common', { path: '/a', methods: ['GET', 'PUT'] }, { path: '/a', methods: ['PUT'] }],
  ['all methods and one', { path: '/a' }, { path: '/a', methods: ['PUT'] }],
  ['GET and the HEAD that it implies', { path: '/a', methods: ['HEAD'] }, { path: '/a', methods: ['GET'] }],
  ['one host in common', { path: '/a', hosts: ['x.test', 'y.test'] }, { path: '/a', hosts: ['y.test'] }],
  [
    'the same conditions in another order',
    { path: '/a', headers: { a: '1', b: { present: true } }, query: { q: '1' } },
    { path: '/a', headers: { b: { present: true }, a: '1' }, query: { q: '1' } },
  ],
])('twins: %s', (_, a, b) => {
  expect(areTwins(a, b)).toBe(true);
  expect(areTwins(b, a)).toBe(true);
});

test.each<[string, RouteMatch, RouteMatch]>([
  ['other paths', { path: '/a' }, { path: '/b' }],
  ['with and without a final slash', { path: '/a' }, { path: '/a/' }],
  ['with and without the rest', { path: '/a' }, { path: '/a/*' }],
  ['a literal and a parameter', { path: '/a/b' }, { path: '/a/{b}' }],
  ['a path and an expression', { path: '/a' }, { pattern: '^/a$' }],
  ['other methods', { path: '/a', methods: ['GET'] }, { path: '/a', methods: ['PUT'] }],
  ['a named host and any', { path: '/a', hosts: ['x.test'] }, { path: '/a' }],
  ['a named host and a wildcard', { path: '/a', hosts: ['x.test'] }, { path: '/a', hosts: ['*.test'] }],
  ['with and without a condition', { path: '/a', headers: { a: '1' } }, { path: '/a' }],
  [
    'a header and a query parameter of one name',
    { path: '/a', headers: { a: '1' } },
    { path: '/a', query: { a: '1' } },
  ],
])('no twins: %s', (_, a, b) => {
  expect(areTwins(a, b)).toBe(false);
  expect(areTwins(b, a)).toBe(false);
});

test('another priority tells them apart', () => {
  expect(findTwins([route({ path: '/a' }, 1), route({ path: '/a' })])).toEqual([]);
});

test('each later one is paired once, with the first that it meets', () => {
  const routes = ['/a', '/b', '/a', '/a'].map((path) => route({ path }));
  expect(findTwins(routes)).toEqual([
    { first: 0, second: 2 },
    { first: 0, second: 3 },
  ]);
});
