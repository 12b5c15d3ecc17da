import { headerOf, headersOf, listMembers } from '../../src/model/headers.ts';

const headers = ['Vary', 'a, b', 'X-Vary', 'no', 'vary', ' , C ,', 'VARY', '', 'Value', 'vary', 'Empty', ''];

test('headerOf gives the first value, whatever the case of the name', () => {
  expect(headerOf(headers, 'vary')).toBe('a, b');
  expect(headerOf(headers, 'empty')).toBe('');
  expect(headerOf(headers, 'absent')).toBeUndefined();
  expect(headerOf([], 'vary')).toBeUndefined();
});

test('a value is never taken for a name', () => {
  expect(headerOf(['A', 'b', 'C', 'd'], 'b')).toBeUndefined();
  expect(headersOf(['A', 'b', 'B', 'd'], 'b')).toEqual(['d']);
});

test('headersOf gives every value in order', () => {
  expect(headersOf(headers, 'vary')).toEqual(['a, b', ' , C ,', '']);
});

test('listMembers joins the lines and drops what is empty', () => {
  expect(listMembers(headers, 'vary')).toEqual(['a', 'b', 'C']);
  expect(listMembers(headers, 'absent')).toEqual([]);
});
