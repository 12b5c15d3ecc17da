import { where } from '../../../src/stores/sqlite/where.ts';

test('a condition without a value is left out', () => {
  expect(where({ 'a = ?': 'x', 'b = ?': undefined, 'c < ?': 0 })).toEqual({
    sql: 'WHERE a = ? AND c < ?',
    values: ['x', 0],
  });
});

test('no conditions are no clause', () => {
  expect(where({ 'a = ?': undefined })).toEqual({ sql: '', values: [] });
});
