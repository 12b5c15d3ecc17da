import { readFileSync } from 'node:fs';
import { parse, parseDocument } from 'yaml';
import { parseConfig } from '../../src/config/load.ts';
import { linkConfig } from '../../src/plan/compile.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { type Block, readPaper, readPapers, root } from './markdown.ts';

interface Placed extends Block {
  readonly place: string;
}

const blocks: Placed[] = readPapers().flatMap(({ path, blocks: found }) =>
  found.filter(({ language }) => language === 'yaml').map((block) => ({ ...block, place: `${path}:${block.line}` })),
);
const complete = blocks.filter(({ mark }) => mark === 'complete');

test.each(complete.map(({ place, text }) => [place, text]))('the complete configuration in %s is valid', (_, text) => {
  const names = Array.from(text.matchAll(/\$\{(\w+)\}/g), ([, name]) => name!);
  const environment = Object.fromEntries(names.map((name) => [name, 'a-secret-of-more-than-32-characters']));
  const { config, source } = parseConfig(text, { file: 'garita.yaml', environment });

  expect(linkConfig(config, source)).toHaveLength(config.routes.length);
});

test.each(blocks.map(({ place, text }) => [place, text]))('the YAML in %s is well-formed', (_, text) => {
  expect(parseDocument(text).errors).toEqual([]);
});

test('there are complete configurations in the papers', () => {
  expect(complete.length).toBeGreaterThan(3);
});

test('the walk through the initial configuration shows what the file says', () => {
  const demo = parse(readFileSync(`${root}examples/demo/garita.yaml`, 'utf8')) as { routes: unknown[] };
  const shown = readPaper('docs/initial-configuration.md').blocks.filter(({ language }) => language === 'yaml');

  expect(shown.length).toBeGreaterThan(5);
  for (const { text, line } of shown) {
    const part: unknown = parse(text);
    expect({ line, isPart: isPartOf(part, Array.isArray(part) ? demo.routes : demo) }).toEqual({ line, isPart: true });
  }
});

test('every key of the configuration is explained', () => {
  const schema: unknown = JSON.parse(readFileSync(`${root}garita.schema.json`, 'utf8'));
  const code = [...readFileSync(`${root}docs/configuration.md`, 'utf8').matchAll(/`([^`\n]+)`/g)].map(([, it]) => it!);
  const explained = new Set(code.flatMap((span) => span.match(/[A-Za-z][A-Za-z0-9]*/g) ?? []));
  const keys = keysOf(schema);

  expect(keys).toContain('accessTokenLifetime');
  expect(keys.filter((key) => !explained.has(key))).toEqual([]);
});

test('every metric is explained', async () => {
  const nothing = { instances: () => [], cache: () => ({ bytes: 0, entries: 0 }), linesDropped: () => 0 };
  const { text } = await createMetrics(nothing).render();
  const names = Array.from(text.matchAll(/^# TYPE (garita_\w+) /gm), ([, name]) => name!);
  const page = readFileSync(`${root}docs/operations.md`, 'utf8');

  expect(names).toContain('garita_requests_total');
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

/** Is everything in the part also in the whole? Of a list, each item of the part is part of some item of the whole. */
function isPartOf(part: unknown, whole: unknown): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.every((item) => whole.some((candidate) => isPartOf(item, candidate)));
  }
  if (typeof part !== 'object' || part === null) return part === whole;
  if (typeof whole !== 'object' || whole === null) return false;
  return Object.entries(part).every(([key, value]) => isPartOf(value, (whole as Record<string, unknown>)[key]));
}

/** The names of all properties anywhere in a JSON Schema. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap(keysOf);
  const { properties, default: _, ...rest } = schema as { properties?: Record<string, unknown>; default?: unknown };
  return [
    ...Object.keys(properties ?? {}),
    ...Object.values(properties ?? {}).flatMap(keysOf),
    ...keysOf(Object.values(rest)),
  ];
}
