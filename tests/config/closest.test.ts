import { findClosest, suggest } from '../../src/config/closest.ts';

test.each([
  ['timeots', 'timeouts'],
  ['instnaces', 'instances'],
  ['polices', 'policies'],
  ['Routes', 'routes'],
  ['isuer', 'issuer'],
  ['lo', 'log'],
])('%s means %s', (word, meant) => {
  const keys = ['timeouts', 'instances', 'policies', 'routes', 'issuer', 'log'];
  expect(findClosest(word, keys)).toBe(meant);
});

test('the nearest of several wins', () => {
  expect(findClosest('headr', ['header', 'headers', 'head'])).toBe('header');
});

test('nothing close is better than nonsense', () => {
  expect(findClosest('frobnicate', ['timeouts', 'log'])).toBeUndefined();
  expect(findClosest('x', [])).toBeUndefined();
  expect(suggest('frobnicate', ['log'])).toBe('');
});
