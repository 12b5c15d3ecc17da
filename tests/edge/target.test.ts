import fc from 'fast-check';
import { canonicalPath, readTarget } from '../../src/edge/target.ts';
import { GatewayError } from '../../src/errors/gateway-error.ts';

const codeOf = (run: () => unknown): string => {
  try {
    return `accepted: ${JSON.stringify(run())}`;
  } catch (error) {
    return error instanceof GatewayError ? error.code : `not ours: ${String(error)}`;
  }
};

/** Paths with much of what makes them ambiguous. */
const piece = fc.oneof(
  fc.constantFrom(
    '/',
    '//',
    '.',
    '..',
    '%2e',
    '%2E%2e',
    '%41',
    '%7e',
    '%25',
    '%',
    ';',
    'a',
    '%c3%a9',
    '%2',
    '%35',
    '%46',
  ),
  fc.stringMatching(/^[\x21-\x22\x24-\x3e\x40-\x7e]{0,4}$/),
);
const path = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);

test('the canonical form is canonical', () => {
  fc.assert(
    fc.property(path, (raw) => {
      let canonical: string;
      try {
        canonical = canonicalPath(raw);
      } catch (error) {
        expect(error).toBeInstanceOf(GatewayError);
        return;
      }
      expect(canonicalPath(canonical)).toBe(canonical);
      expect(canonical).toMatch(/^\/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-F]{2})*$/);
      expect(canonical).not.toMatch(/\/\/|\/\.{1,2}(?:\/|$)/);
      // No escape of an unreserved character, no encoded separator, no escape within an escape.
      expect(canonical).not.toMatch(/%(?:2[DEF]|3\d|4[1-9A-F]|5[0-9ACF]|6[1-9A-F]|7[0-9AE]|00|25[0-9A-Fa-f]{2})/);
    }),
    { numRuns: 2000 },
  );
});

test('what decodes to the same path has the same canonical form', () => {
  const plain = fc.stringMatching(/^[a-zA-Z0-9~_-]{1,8}$/);
  const escaped = (text: string) => text.replace(/./g, (it) => `%${it.charCodeAt(0).toString(16)}`);
  fc.assert(
    fc.property(fc.array(plain, { minLength: 1, maxLength: 4 }), fc.nat(), (segments, which) => {
      const straight = `/${segments.join('/')}`;
      const target = which % segments.length;
      const disguised = segments.map((it, index) => (index === target ? `x/..//./${escaped(it)}` : it));
      expect(canonicalPath(`/${disguised.join('/')}`)).toBe(straight);
    }),
  );
});

test.each([
  ['/admin', '/admin'],
  ['//admin', '/admin'],
  ['/./admin', '/admin'],
  ['/x/../admin', '/admin'],
  ['/%61dmin', '/admin'],
  ['/a/%2E%2e/admin', '/admin'],
  ['/admin/.', '/admin/'],
  ['/admin/x/..', '/admin/'],
  ['/admin//', '/admin/'],
  ['/...', '/...'],
  ['/.well-known/x', '/.well-known/x'],
  ['/caf%c3%a9', '/caf%C3%A9'],
  ['/a|b', '/a%7Cb'],
  ['/a;v=1/b', '/a;v=1/b'],
  ['/100%25', '/100%25'],
  ['/Admin', '/Admin'],
])('%s is %s', (raw, canonical) => {
  expect(canonicalPath(raw)).toBe(canonical);
});

test.each([
  '/a%2Fb',
  '/a%2fb',
  '/a%5Cb',
  '/a%5cb',
  '/a\\b',
  '/%00',
  '/a%00b',
  '/%252e%252e/admin',
  '/%252Fadmin',
  '/%25%32%46admin',
  '/%25%34%31',
  '/..;/admin',
  '/.;a/admin',
  '/x/%2e%2e;/admin',
  '/x/..%3B/admin',
  '/%',
  '/%4',
  '/%zz',
  '/a%',
  '/..',
  '/../admin',
  '/a/../../admin',
  '/%2e%2e/admin',
])('%s is refused', (raw) => {
  expect(codeOf(() => canonicalPath(raw))).toBe('GW_BAD_TARGET');
});

test('the query stays as it is, byte for byte', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\x21-\x22\x24-\x7e]{0,30}$/), (query) => {
      expect(readTarget(`/%61?${query}`)).toEqual({ path: '/a', query: `?${query}`, authority: undefined });
    }),
  );
});

test.each([
  ['http://a.example/x?y', { path: '/x', query: '?y', authority: 'a.example' }],
  ['HTTPS://a.example:81', { path: '/', query: '', authority: 'a.example:81' }],
  ['http://a.example?y', { path: '/', query: '?y', authority: 'a.example' }],
  ['http://a.example//x/../y', { path: '/y', query: '', authority: 'a.example' }],
])('an absolute target has an authority: %s', (raw, expected) => {
  expect(readTarget(raw)).toEqual(expected);
});

test.each(['*', '', 'x', 'ftp://a/b', 'http:///x', '/a#b', '/a b', '/a\u00e9', '/a\x00', 'a.example:443'])(
  'not a target that a gateway serves: %j',
  (raw) => {
    expect(codeOf(() => readTarget(raw))).toBe('GW_BAD_TARGET');
  },
);
