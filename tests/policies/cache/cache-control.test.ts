import { cacheControlOf, deltaSeconds } from '../../../src/policies/cache/cache-control.ts';

test('directives of all lines, names in lower case, arguments without quotes', () => {
  const headers = ['Cache-Control', 'Max-Age=60, PUBLIC', 'cache-control', ' s-maxage = "30" ,no-cache="set-cookie"'];
  expect([...cacheControlOf(headers)]).toEqual([
    ['max-age', '60'],
    ['public', ''],
    ['s-maxage', '30'],
    ['no-cache', 'set-cookie'],
  ]);
});

test('said twice, the first counts', () => {
  expect(cacheControlOf(['Cache-Control', 'max-age=1, max-age=2']).get('max-age')).toBe('1');
});

test('none', () => {
  expect(cacheControlOf(['Pragma', 'no-cache']).size).toBe(0);
  expect(cacheControlOf(['Cache-Control', ' ,, ']).size).toBe(0);
});

test.each([
  ['0', 0],
  ['60', 60],
  ['99999999999999', 2 ** 31],
  ['', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['1e3', undefined],
  ['soon', undefined],
  [undefined, undefined],
])('%j is %j seconds', (text, seconds) => {
  expect(deltaSeconds(text)).toBe(seconds);
});
