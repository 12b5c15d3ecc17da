import { readWishes } from '../../src/model/quality-values.ts';

test.each([
  ['gzip, br;q=0.5', ['gzip 1', 'br 0.5']],
  ['GZIP ; Q=0.123,,*;q=0', ['gzip 0.123', '* 0']],
  ['gzip;q=1.000, br;q=0.', ['gzip 1', 'br 0']],
  ['gzip;q=2, br;q=-1, zstd;q=0.1234, a b, gzip;level=9', []],
  ['', []],
])('%j', (field, wishes) => {
  expect(readWishes(field).map(({ value, quality }) => `${value} ${quality}`)).toEqual(wishes);
});
