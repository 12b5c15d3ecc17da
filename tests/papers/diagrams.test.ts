import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createContext, runInContext } from 'node:vm';
import { readPapers } from './markdown.ts';

interface Mermaid {
  parse(text: string): Promise<{ readonly diagramType: string }>;
}

const diagrams = readPapers().flatMap(({ path, blocks, prose }) =>
  blocks
    .filter(({ language }) => language === 'mermaid')
    .map(({ text, line }) => ({
      place: `${path}:${line}`,
      text,
      before: prose
        .split('\n')
        .slice(0, line - 1)
        .join('\n'),
    })),
);
const mermaid = loadMermaid();

test.each(diagrams.map(({ place, text }) => [place, text]))('Mermaid can read %s', async (_, text) => {
  expect(await mermaid.parse(text)).toMatchObject({
    diagramType: expect.stringMatching(/^(?:flowchart-v2|sequence)$/),
  });
});

test.each(diagrams.map(({ place, before }) => [place, before]))('a paragraph explains %s', (_, before) => {
  const paragraphs = before.trim().split(/\n{2,}/);
  expect(paragraphs.at(-1)).toMatch(/^[^#|].{200,}/s);
});

test('Mermaid refuses what is no diagram', async () => {
  await expect(mermaid.parse('flowchart TB\n  a -- > b[')).rejects.toThrow('Parse error');
  await expect(mermaid.parse('sequenceDiagram\n  a->>>b')).rejects.toThrow('Parse error');
});

test('the four views of the architecture are there', () => {
  expect(diagrams.map(({ place }) => place.split(':')[0])).toEqual(
    expect.arrayContaining([
      'diagrams/components.md',
      'diagrams/request-to-customer-management.md',
      'diagrams/token.md',
      'diagrams/deployment.md',
    ]),
  );
});

/** The parser that GitHub's renderer has, in a world of its own: it is a script for browsers. */
function loadMermaid(): Mermaid {
  const file = createRequire(import.meta.url).resolve('@mermaid-js/tiny');
  const world = createContext({ console, setTimeout, clearTimeout, structuredClone, URL });
  // Without a document, its sanitizer is a bare function; parsing needs no more of it than to give text back.
  runInContext('Function.prototype.addHook = () => {}; Function.prototype.sanitize = (text) => text;', world);
  runInContext(readFileSync(file, 'utf8'), world, { filename: file });
  return (world as { mermaid: Mermaid }).mermaid;
}
