import { formatTable } from '../../src/cli/table.ts';

const columns = { NAME: ({ name }: { name: string }) => name, SIZE: ({ name }: { name: string }) => `${name.length}` };

test('columns are as wide as their widest cell, and no line ends in space', () => {
  expect(formatTable([{ name: 'a' }, { name: 'reporting-job' }], columns)).toBe(
    ['NAME           SIZE', 'a              1', 'reporting-job  13', ''].join('\n'),
  );
});

test('without rows the heads are left', () => {
  expect(formatTable([], columns)).toBe('NAME  SIZE\n');
});

test('an empty cell is visible', () => {
  expect(formatTable([{ name: '' }], columns)).toBe('NAME  SIZE\n-     0\n');
});

test('what a caller chose can neither move the cursor nor turn the text around', () => {
  const hostile = 'a\u001b[2Jb\nc\u202ed\u2028e\u0000';
  const [, line] = formatTable([{ name: hostile }], { NAME: ({ name }) => name }).split('\n');
  expect(line).toBe('a�[2Jb�c�d�e�');
});
