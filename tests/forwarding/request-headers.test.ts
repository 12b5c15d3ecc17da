import fc from 'fast-check';
import { buildRequestHeaders } from '../../src/forwarding/request-headers.ts';
import { headerOf, headersOf } from '../../src/model/headers.ts';
import { type ExchangeFacts, makeExchange } from './make-exchange.ts';

const options = { preserveHost: false, forwardToken: false, pseudonym: 'garita-1' };
const build = (headers: readonly string[], facts: ExchangeFacts = {}, further: Partial<typeof options> = {}) =>
  buildRequestHeaders(makeExchange({ ...facts, headers }), { ...options, ...further });

test('what the caller said keeps its order, its case and its duplicates', () => {
  const said = ['Accept', 'a/b', 'COOKIE', 'a=1', 'accept', 'c/d', 'cookie', 'b=2', '__proto__', 'x'];
  expect(build(said).slice(0, said.length)).toEqual(said);
});

test('what is meant for one connection ends here, and so does what Connection nominates', () => {
  const out = build([
    ...['Connection', 'close, X-Hop , Other'],
    ...['connection', 'third'],
    ...[
      'Keep-Alive',
      'timeout=5',
      'TE',
      'trailers',
      'Trailer',
      'X-Sum',
      'Transfer-Encoding',
      'chunked',
      'Upgrade',
      'h2c',
    ],
    ...['Proxy-Connection', 'keep-alive', 'Proxy-Authorization', 'Basic x', 'HTTP2-Settings', 'AAMAAABk'],
    ...['X-Hop', '1', 'Other', '2', 'THIRD', '3', 'Expect', '100-continue', 'X-Stays', '4'],
  ]);
  expect(out.slice(0, 4)).toEqual(['HTTP2-Settings', 'AAMAAABk', 'X-Stays', '4']);
  // Trailers may pass if an instance has any: the one coding that is not about this connection.
  expect(out.slice(4, 7)).toEqual(['TE', 'trailers', 'Via']);
});

test('a nomination cannot take away what the gateway or the service relies on', () => {
  const nominated =
    'Content-Length, Authorization, X-Forwarded-For, X-User-Id, X-Request-Id, Via, Forwarded, Host, Cache-Control';
  const out = build(
    ['Connection', nominated, 'Content-Length', '5', 'Authorization', 'Bearer x', 'Cache-Control', 'no-cache'],
    { principal: {}, body: 'hello' },
    { forwardToken: true, preserveHost: true },
  );
  for (const name of [
    'content-length',
    'authorization',
    'x-forwarded-for',
    'x-user-id',
    'x-request-id',
    'via',
    'forwarded',
    'host',
    'cache-control',
  ]) {
    expect([name, headersOf(out, name).length]).toEqual([name, 1]);
  }
});

test('fields of identity and origin are the gateway’s own, whatever the caller calls them', () => {
  const names = [
    ...['x-user-id', 'x-client-id', 'x-scopes', 'x-roles', 'x-request-id', 'x-real-ip', 'traceparent', 'forwarded'],
    ...[
      'x-forwarded-for',
      'x-forwarded-proto',
      'x-forwarded-host',
      'x-forwarded-port',
      'x-forwarded-prefix',
      'x-forwarded-server',
      'x-forwarded-user',
      'x-forwarded-client-cert',
      'x-client-cert-subject',
      'client-cert',
      'client-cert-chain',
    ],
  ];
  const spelled = fc.constantFrom(...names).chain((name) =>
    fc
      .array(fc.tuple(fc.boolean(), fc.constantFrom('-', '_', '.', '~', '!', '*', '+')), {
        minLength: name.length,
        maxLength: name.length,
      })
      .map((choices) =>
        [...name].map((it, i) => (it === '-' ? choices[i]![1] : choices[i]![0] ? it.toUpperCase() : it)).join(''),
      ),
  );
  fc.assert(
    fc.property(spelled, (name) => {
      expect(build([name, 'forged'], { principal: { roles: ['clerk'] } })).not.toContain('forged');
    }),
  );
});

test('Via goes on with this gateway at its end, in one line', () => {
  expect(headersOf(build(['Via', '1.0 a', 'X', 'y', 'via', '1.1 b (c)']), 'via')).toEqual([
    '1.0 a, 1.1 b (c), 1.1 garita-1',
  ]);
  expect(headersOf(build([]), 'via')).toEqual(['1.1 garita-1']);
});

test('the service learns where the caller is', () => {
  const out = build(['X-Forwarded-For', '10.0.0.1', 'Host', 'api.example'], {
    address: '2001:db8::1',
    host: 'api.example',
  });
  expect(headerOf(out, 'x-forwarded-for')).toBe('2001:db8::1');
  expect(headerOf(out, 'x-forwarded-proto')).toBe('http');
  expect(headerOf(out, 'x-forwarded-host')).toBe('api.example');
  expect(headerOf(out, 'forwarded')).toBe('for="[2001:db8::1]";host="api.example";proto=http');
  expect(headersOf(out, 'host')).toEqual([]);
  expect(headersOf(build([], { host: 'api.example' }, { preserveHost: true }), 'host')).toEqual(['api.example']);
});

test('trusted proxies stand between the caller and the gateway, in both ways of saying it', () => {
  const out = build(['X-Forwarded-For', 'forged'], {
    address: '203.0.113.9',
    proxies: ['2001:db8::1', '10.0.0.1'],
    host: 'api.example',
  });
  expect(headersOf(out, 'x-forwarded-for')).toEqual(['203.0.113.9, 2001:db8::1, 10.0.0.1']);
  expect(headersOf(out, 'forwarded')).toEqual([
    'for=203.0.113.9;host="api.example";proto=http, for="[2001:db8::1]", for=10.0.0.1',
  ]);
});

test('no subject of a certificate can end its field or begin another, and each can be read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (subject) => {
      const out = build([], { certificate: { subject, fingerprint: 'AB', field: ':eA==:' } });
      expect(headerOf(out, 'x-client-cert-subject')).toMatch(/^[\x20-\x7e]*$/);
      expect(decodeURIComponent(headerOf(out, 'x-client-cert-subject')!)).toBe(subject.toWellFormed());
      expect(headerOf(out, 'client-cert')).toBe(':eA==:');
    }),
  );
});

test('the service learns who the caller is', () => {
  const out = build([], {
    principal: { subject: 'ada', clientId: 'storefront', scopes: ['a', 'b:c'], roles: ['clerk', 'head of sales'] },
  });
  expect(headerOf(out, 'x-user-id')).toBe('ada');
  expect(headerOf(out, 'x-client-id')).toBe('storefront');
  expect(headerOf(out, 'x-scopes')).toBe('a b:c');
  expect(headerOf(out, 'x-roles')).toBe('clerk head%20of%20sales');
});

test('a client that acts for itself is no user', () => {
  const out = build([], { principal: { subject: 'job', clientId: 'job' } });
  expect(headerOf(out, 'x-user-id')).toBeUndefined();
  expect(headerOf(out, 'x-client-id')).toBe('job');
});

test('no claim can end its field or begin another', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
      const out = build([], { principal: { subject: text, roles: [text] } });
      expect(headerOf(out, 'x-user-id')).toMatch(/^[\x21-\x7e]*$/);
      expect(decodeURIComponent(headerOf(out, 'x-user-id')!)).toBe(text.toWellFormed());
    }),
  );
});

test('the token goes along where the service asks for it', () => {
  expect(headersOf(build(['authorization', 'Bearer x']), 'authorization')).toEqual([]);
  expect(build(['authorization', 'Bearer x'], {}, { forwardToken: true }).slice(0, 2)).toEqual([
    'authorization',
    'Bearer x',
  ]);
});

test('the length is that of the body as it goes on, and no field passes for it at a service that folds names', () => {
  const said = ['Content_Length', '3', 'Transfer.Encoding', 'chunked', 'Content-Length', '5'];
  expect(build(said, { body: 'seven b' }).slice(0, 3)).toEqual(['Content-Length', '7', 'Via']);
  expect(build(said)[0]).toBe('Via');
});
