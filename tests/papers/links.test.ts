import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { commands } from '../../src/cli/index.ts';
import { anchorsOf, type Paper, readPaper, readPapers, root } from './markdown.ts';

const papers = readPapers();

test.each(papers.map((paper) => [paper.path, paper] as const))('every link within %s leads somewhere', (_, paper) => {
  expect(linksOf(paper).flatMap((link) => complain(paper, link))).toEqual([]);
});

test('every npm script that is mentioned exists', () => {
  const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> };
  const mentioned = papers.flatMap((paper) => codeOf(paper).flatMap(scriptsIn));

  expect(mentioned).toContain('start');
  expect([...new Set(mentioned)].filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test('every garita command that is mentioned exists', () => {
  const known = [...commands.map(({ name }) => name), 'help'];
  const groups = known.filter((name) => name.includes(' ')).map((name) => name.split(' ')[0]!);
  const mentioned = papers
    .flatMap((paper) => codeOf(paper).flatMap(commandsIn))
    // What stands behind a command of one word is its argument.
    .map(([first, second]) => (second !== undefined && groups.includes(first) ? `${first} ${second}` : first));

  expect(mentioned).toEqual(expect.arrayContaining(known));
  expect([...new Set(mentioned)].filter((name) => ![...known, ...groups].includes(name))).toEqual([]);
});

test('every command and option is explained', () => {
  const text = readFileSync(`${root}docs/cli.md`, 'utf8');
  for (const { name, usage, options } of commands) {
    expect(text).toContain(`## garita ${name}\n`);
    expect(text).toContain(`\ngarita ${usage}\n`);
    for (const option of Object.keys(options)) expect(text).toContain(`--${option}`);
  }
});

interface Link {
  readonly target: string;
  readonly line: number;
}

function linksOf({ prose }: Paper): Link[] {
  return prose.split('\n').flatMap((line, index) => {
    const withoutCode = line.replace(/`[^`]*`/g, (code) => 'x'.repeat(code.length));
    return Array.from(withoutCode.matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => ({ target: target!, line: index + 1 }));
  });
}

/** Links to other sites are not followed: a test does not depend on the network. */
function complain(paper: Paper, { target, line }: Link): string[] {
  if (/^[a-z][a-z+.-]*:/i.test(target)) return [];
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? paper.path : posix.join(posix.dirname(paper.path), file);
  const place = `${paper.path}:${line}: ${target}`;
  if (path.startsWith('../') || !existsSync(root + path)) return [`${place}: there is no such file`];
  if (anchor === undefined) return [];
  if (!path.endsWith('.md')) return [`${place}: an anchor in what is no Markdown file`];
  return anchorsOf(readPaper(path)).has(anchor) ? [] : [`${place}: there is no such heading`];
}

/** Code in a paper: blocks and the spans within text. */
function codeOf({ blocks, prose }: Paper): string[] {
  const shown = blocks.filter(({ language }) => ['', 'sh', 'console', 'ini'].includes(language));
  return [...shown.map(({ text }) => text), ...Array.from(prose.matchAll(/`([^`\n]+)`/g), ([, span]) => span!)];
}

const scriptsIn = (code: string): string[] => [
  ...Array.from(code.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g), ([, name]) => name!),
  ...Array.from(code.matchAll(/\bnpm (start|test)\b/g), ([, name]) => name!),
];

const commandsIn = (code: string): [string, string | undefined][] =>
  Array.from(
    code.matchAll(/(?:^(?:\$ )?garita|npm run garita --|src\/main\.ts) ([a-z]+)(?: ([a-z-]+))?/gm),
    ([, first, second]) => [first!, second],
  );
