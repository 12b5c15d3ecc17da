import fc from 'fast-check';
import { compileQueryEdits } from '../../../src/policies/transform/query-edits.ts';
import { edit } from './edit.ts';

const change = (query: string, edits: Parameters<typeof edit>[0], params = {}) =>
  compileQueryEdits(edit(edits))(query, params);

test.each([
  ['?a=1&debug=2&b=3', { remove: ['debug'] }, '?a=1&b=3'],
  ['?debug', { remove: ['debug'] }, ''],
  ['?de%62ug=1&%64ebug&debu%67=', { remove: ['debug'] }, ''],
  ['?a+b=1&a%20b=2', { remove: ['a b'] }, ''],
  ['??debug=1', { remove: ['debug'] }, '??debug=1'],
  ['?Debug=1', { remove: ['debug'] }, '?Debug=1'],
  ['?q=a%2Bb+c&p', { rename: { q: 'search for', p: 'page' } }, '?search%20for=a%2Bb+c&page'],
  ['?a=1&x=0&b=2&x=9', { set: { x: '5' } }, '?a=1&b=2&x=5'],
  ['', { set: { x: 'ä&=+ %' } }, '?x=%C3%A4%26%3D%2B%20%25'],
  ['?x=1', { add: { x: '2' } }, '?x=1&x=2'],
  ['?', { remove: ['x'] }, '?'],
  ['', { remove: ['x'] }, ''],
  ['?a&&b&', { add: { x: '' } }, '?a&&b&&x='],
  ['?old=1&new=2', { rename: { old: 'new' } }, '?new=1&new=2'],
  ['?old=1', { rename: { old: 'new' }, set: { new: '2' } }, '?new=2'],
  ['?a=%zz&%=1', { remove: ['b'] }, '?a=%zz&%=1'],
])('%s after %j is %s', (query, edits, expected) => {
  expect(change(query, edits)).toBe(expected);
});

test('what the path captured cannot become another parameter', () => {
  const edits = { set: { id: '{id}', note: 'no. {id}!' } };
  expect(change('?a=1', edits, { id: '7&admin=1;x+y%2B' })).toBe(
    '?a=1&id=7%26admin%3D1%3Bx%2By%2B&note=no.%207%26admin%3D1%3Bx%2By%2B!',
  );
  expect(change('', edits, {})).toBe('?id=&note=no.%20!');
});

const name = fc.stringMatching(/^[a-c%+=?.]{0,3}$/);
const query = fc.array(fc.tuple(name, name).map(([left, right]) => (right === '' ? left : `${left}=${right}`)));

test('parameters that no edit names keep their bytes and their order, and nothing else appears', () => {
  fc.assert(
    fc.property(query, fc.subarray(['a', 'b', 'c', 'aa']), (parts, remove) => {
      const sent = parts.length === 0 ? '' : `?${parts.join('&')}`;
      const decoded = (part: string) => [...new URLSearchParams(`&${part}`).keys()][0] ?? '';
      const left = sent === '' || sent === '?' ? [] : parts.filter((part) => !remove.includes(decoded(part)));
      const nothing = sent === '?' ? '?' : '';
      expect(change(sent, { remove, set: { new: 'x' } })).toBe(`?${[...left, 'new=x'].join('&')}`);
      expect(change(sent, { remove })).toBe(left.length === 0 ? nothing : `?${left.join('&')}`);
    }),
  );
});
