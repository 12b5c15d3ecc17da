import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository, with a slash at its end. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A fenced block of code. */
export interface Block {
  /** The first word after the fence. */
  readonly language: string;
  /** What follows it. */
  readonly mark: string;
  readonly text: string;
  /** The line of the fence, from 1. */
  readonly line: number;
}

/** A Markdown file, taken apart. */
export interface Paper {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly blocks: readonly Block[];
  /** The text without its blocks of code; as many lines as the file. */
  readonly prose: string;
}

const notOurs = new Set(['node_modules', 'coverage', 'dist', 'data', 'results']);

/** Every Markdown file of the repository. */
export function readPapers(): Paper[] {
  return list(root).map((file) => readPaper(relative(root, file).replaceAll('\\', '/')));
}

/** One file, by its path from the root of the repository. */
export function readPaper(path: string): Paper {
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open: { fence: string; language: string; mark: string; line: number; text: string[] } | undefined;
  for (const [index, line] of readFileSync(root + path, 'utf8')
    .split('\n')
    .entries()) {
    const [, fence, language = '', mark = ''] = /^\s*(`{3,})\s*(\S*)\s*(.*)$/.exec(line) ?? [];
    if (open === undefined && fence !== undefined) open = { fence, language, mark, line: index + 1, text: [] };
    else if (open !== undefined && line.trim() === open.fence) {
      blocks.push({ ...open, text: open.text.join('\n') });
      open = undefined;
    } else open?.text.push(line);
    prose.push(open === undefined && fence === undefined ? line : '');
  }
  if (open !== undefined) throw new Error(`${path}:${open.line} opens a block of code that nothing closes`);
  return { path, blocks, prose: prose.join('\n') };
}

/** The anchors that GitHub gives to the headings of a file. */
export function anchorsOf({ prose }: Paper): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading] of prose.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const text = heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = text.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    let anchor = slug;
    for (let copy = 1; anchors.has(anchor); copy++) anchor = `${slug}-${copy}`;
    anchors.add(anchor);
  }
  return anchors;
}

function list(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder.replace(/\/$/, '')}/${entry.name}`;
    if (entry.isDirectory()) return notOurs.has(entry.name) || entry.name.startsWith('.') ? [] : list(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}
