import { type Coding, chooseCoding, codings } from '../../../src/policies/compress/negotiate.ts';

const choose = (field: string | undefined, offered: readonly Coding[] = codings) =>
  chooseCoding(field === undefined ? [] : ['Accept-Encoding', field], offered);

test.each([
  [undefined, undefined],
  ['', undefined],
  ['gzip', 'gzip'],
  ['GZip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip;q=1, br;q=0.9', 'gzip'],
  ['gzip;q=0, br;q=0', undefined],
  ['br;q=0, *', 'zstd'],
  ['*', 'br'],
  ['*;q=0', undefined],
  ['deflate', undefined],
  ['identity', undefined],
  ['identity;q=0', undefined],
  ['identity;q=0, gzip', 'gzip'],
  ['identity;q=0, *;q=0.001', 'br'],
  ['identity, gzip;q=0.5', undefined],
  ['identity;q=0.5, gzip', 'gzip'],
  ['identity;q=0.5, gzip;q=0.5', 'gzip'],
  ['gzip;q=0.001', 'gzip'],
  ['gzip;q=nonsense', undefined],
])('Accept-Encoding: %s → %s', (field, coding) => {
  expect(choose(field)).toBe(coding);
});

test('of several wanted alike the first on offer counts', () => {
  expect(choose('br, gzip, zstd', ['gzip', 'br'])).toBe('gzip');
  expect(choose('*;q=0.5, gzip;q=0.1', ['gzip'])).toBeUndefined();
});

test('several fields are one list', () => {
  expect(chooseCoding(['Accept-Encoding', 'gzip;q=0', 'accept-encoding', 'zstd'], codings)).toBe('zstd');
});
