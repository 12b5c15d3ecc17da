import { readdirSync, readFileSync } from 'node:fs';
import { root } from './markdown.ts';

const files = readdirSync(`${root}adr`).filter((file) => file !== 'README.md');
const sections = [
  '## Context and Problem Statement',
  '## Decision Drivers',
  '## Considered Options',
  '## Decision Outcome',
  '### Consequences',
  '## Pros and Cons of the Options',
  '## More Information',
];

test('the records are numbered without a gap', () => {
  expect(files.map((file) => Number(file.slice(0, 4)))).toEqual(files.map((_, index) => index + 1));
});

test.each(files)('%s has the form of MADR', (file) => {
  const text = readFileSync(`${root}adr/${file}`, 'utf8');

  expect(text).toMatch(
    new RegExp(
      `^# ${Number(file.slice(0, 4))}\\. .+\n\n- Status: (?:proposed|accepted|superseded .+)\n- Date: \\d{4}-\\d\\d-\\d\\d\n`,
    ),
  );
  expect(text.match(/^##+ .+/gm)?.filter((heading) => sections.includes(heading))).toEqual(sections);
});

test('the list names every record with its title', () => {
  const list = readFileSync(`${root}adr/README.md`, 'utf8');
  for (const file of files) {
    const [, number, title] = /^# (\d+)\. (.+)/.exec(readFileSync(`${root}adr/${file}`, 'utf8')) ?? [];
    expect(list).toMatch(new RegExp(`\\[${number}\\]\\(${file}\\) +\\| ${title} +\\|`));
  }
});

test('every runtime dependency has its sentence, with the version that is installed', () => {
  const record = readFileSync(`${root}adr/0011-runtime-dependencies.md`, 'utf8');
  const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const [name, version] of Object.entries(dependencies)) {
    const row = record.split('\n').find((line) => line.startsWith(`| \`${name}\``));
    expect(row).toContain(` ${version.split('@').at(-1)} `);
  }
});
