import { emptyBody } from '../../../src/model/body-source.ts';
import { storable, variantOf } from '../../../src/policies/cache/storable.ts';

const terms = (headers: string[], status = 200) => storable({ status, headers, body: emptyBody }, 30_000);

test('a plain reply is kept for as long as the operator says', () => {
  expect(terms(['Content-Type', 'application/json', 'ETag', '"1"'])).toEqual({ freshFor: 30_000, age: 0, vary: [] });
});

test.each([201, 204, 206, 301, 304, 404, 500])('a status of %d is not kept', (status) => {
  expect(terms([], status)).toBeUndefined();
});

test.each([
  ['a cookie', ['Set-Cookie', 'a=1']],
  ['private', ['Cache-Control', 'max-age=60, private']],
  ['private fields', ['Cache-Control', 'private="x-user"']],
  ['no-store', ['cache-control', 'NO-STORE']],
  ['no-cache', ['Cache-Control', 'no-cache']],
  ['no-cache on another line', ['Cache-Control', 'public', 'Cache-Control', 'no-cache']],
  ['all may vary', ['Vary', '*']],
  ['a field that is not understood', ['Vary', 'Accept, X-Tenant']],
  ['one on another line', ['Vary', 'Accept', 'vary', 'Cookie']],
  ['no time left', ['Cache-Control', 'max-age=0']],
  ['older than its time', ['Cache-Control', 'max-age=60', 'Age', '60']],
  ['no time for shared caches', ['Cache-Control', 'max-age=60, s-maxage=0']],
  ['expired when it came', ['Expires', 'Thu, 01 Jan 2026 00:00:00 GMT', 'Date', 'Thu, 01 Jan 2026 00:00:00 GMT']],
  ['an expiry that is no date', ['Expires', '0', 'Date', 'Thu, 01 Jan 2026 00:00:00 GMT']],
])('not kept: %s', (_, headers) => {
  expect(terms(headers)).toBeUndefined();
});

test.each([
  ['less when the service says so', ['Cache-Control', 'max-age=10'], 10_000, 0],
  ['never more', ['Cache-Control', 'max-age=3600'], 30_000, 0],
  ['s-maxage before max-age', ['Cache-Control', 'max-age=20, s-maxage=5'], 5_000, 0],
  ['without the age that it had already', ['Cache-Control', 'max-age=10', 'Age', '4'], 6_000, 4],
  ['the first of several ages', ['Cache-Control', 'max-age=10', 'Age', '4, 1'], 6_000, 4],
  ['an age that is none counts as 0', ['Age', 'old'], 30_000, 0],
  ['until it expires', ['Expires', 'Thu, 01 Jan 2026 00:00:07 GMT', 'Date', 'Thu, 01 Jan 2026 00:00:00 GMT'], 7_000, 0],
  ['max-age before Expires', ['Cache-Control', 'max-age=9', 'Expires', '0'], 9_000, 0],
])('%s', (_, headers, freshFor, age) => {
  expect(terms(headers)).toEqual({ freshFor, age, vary: [] });
});

test('what it varies by, each once and sorted', () => {
  const vary = ['accept', 'accept-encoding', 'accept-language'];
  expect(terms(['Vary', 'Accept-Language, accept', 'VARY', 'Accept-Encoding, ACCEPT'])?.vary).toEqual(vary);
});

test('variants are told apart by the values of those fields only', () => {
  const variant = (...headers: string[]) => variantOf(headers, ['accept', 'accept-language']);
  expect(variant('Accept', 'a', 'X', '1')).toBe(variant('X', '2', 'accept', 'a'));
  expect(variant('Accept', 'a')).not.toBe(variant('Accept-Language', 'a'));
  expect(variant('Accept', 'a')).not.toBe(variant());
  expect(variant('Accept', 'a', 'Accept', 'b')).toBe(variant('Accept', 'a,b'));
});
