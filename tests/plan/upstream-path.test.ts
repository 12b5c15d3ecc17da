import fc from 'fast-check';
import type { RouteMatch } from '../../src/config/schema.ts';
import { canonicalPath } from '../../src/edge/target.ts';
import { GatewayError } from '../../src/errors/gateway-error.ts';
import { compileMatcher } from '../../src/plan/matcher.ts';
import { compileUpstreamPath } from '../../src/plan/upstream-path.ts';
import { makeExchange } from '../model/make-exchange.ts';

/** Where a request for `path` leads by a match and a target, as the gateway puts them together. */
function lead(match: RouteMatch, template: string | undefined, path: string): string {
  const found = compileMatcher([{ match, priority: 0, value: '' }]).find({
    method: 'GET',
    host: 'h',
    path,
    query: '',
    headers: [],
  });
  if (found.kind !== 'route') throw new Error(`${path} does not match`);
  return compileUpstreamPath(match, template)(makeExchange({ path, params: found.captures }));
}

test.each([
  ['/api/customers/*', '/customers/*', '/api/customers', '/customers'],
  ['/api/customers/*', '/customers/*', '/api/customers/', '/customers/'],
  ['/api/customers/*', '/customers/*', '/api/customers/1/x%2Cy', '/customers/1/x%2Cy'],
  ['/api/*', '/*', '/api', '/'],
  ['/api/*', '/*', '/api/', '/'],
  ['/*', '/v1/*', '/', '/v1/'],
  ['/a/{x}/{y}', '/{y}/of/{x}', '/a/1/2', '/2/of/1'],
  ['/a/{x}', '/fixed', '/a/1', '/fixed'],
  ['/a/{x}', '/', '/a/1', '/'],
  ['/a/{x}', undefined, '/a/1', '/a/1'],
  ['/a/{x}', '/b/{x}/', '/a/...', '/b/.../'],
])('%s to %s: %s → %s', (path, template, asked, upstream) => {
  expect(lead({ path }, template, asked)).toBe(upstream);
});

test('fills in what an expression captured', () => {
  const match = { pattern: '^/clientes/(?<id>[0-9]+)-(?<part>[a-z]*)$' };
  expect(lead(match, '/customers/{id}/{part}', '/clientes/12-orders')).toBe('/customers/12/orders');
  const rest = { pattern: '^/pedidos/(?<year>[0-9]{4})-(?<rest>.+)$' };
  expect(lead(rest, '/orders/{year}/{rest}', '/pedidos/2026-7/a%2Cb/')).toBe('/orders/2026/7/a%2Cb/');
  expect(lead(match, '/customers/{id}/{part}', '/clientes/12-')).toBe('/customers/12/');
});

test.each([
  ['^/f/a(?<x>.*)$', '/g/{x}', '/f/a..'],
  ['^/f/a(?<x>.*)$', '/g/{x}/h', '/f/a.'],
  ['^/f/a(?<x>.*)$', '/g/{x}', '/f/a../admin'],
  ['^/f/a(?<x>.*)$', '/g/{x}', '/f/a..;v=1/admin'],
  ['^/f/(?<x>.*)a$', '/{x}/admin', '/f/a'],
  ['^/f/(?<x>.*)$', '/g/{x}', '/f//evil.example'],
  ['^/f/(?<x>..)(?<y>.*)$', '/g/{x}', '/f/%C3%A9'],
  ['^/f/(?<x>...?)9(?<y>.*)$', '/g/{y}/{x}', '/f/%C9%AA'],
])('%s to %s refuses %s, which the service could read in another way', (pattern, template, path) => {
  expect(() => lead({ pattern }, template, path)).toThrow(
    expect.objectContaining({ name: 'GatewayError', code: 'GW_BAD_TARGET', status: 400 }),
  );
});

test('whatever an expression captures, the path that leaves is canonical or refused', () => {
  const piece = fc.constantFrom('a', '.', '..', '/', ';', '%41', '%C3%A9', '%2E', 'x', '~', '%20');
  const matches = [
    '^/(?<x>.*)$',
    '^/a(?<x>.*)$',
    '^/.(?<x>[^/]*)/?(?<y>.*)$',
    '^/(?<x>.*)(?<y>...)$',
    '^/(?<y>..?)(?<x>.*)$',
  ];
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 8 }),
      fc.constantFrom(...matches),
      fc.constantFrom('/s/{x}', '/{x}', '/s/{x}/t'),
      (pieces, pattern, template) => {
        let upstream: string;
        try {
          upstream = lead({ pattern }, template, canonicalPath(`/${pieces.join('')}`));
        } catch (error) {
          if (!(error instanceof GatewayError)) expect((error as Error).message).toMatch(/does not match$/);
          return;
        }
        expect(canonicalPath(upstream)).toBe(upstream);
      },
    ),
    { numRuns: 2_000 },
  );
});
