import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commands } from '../../src/cli/index.ts';
import { errorCodes } from '../../src/errors/codes.ts';
import { grants } from '../../src/oauth/grants/index.ts';
import { policies } from '../../src/policies/index.ts';
import { balancers } from '../../src/services/balancing/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const files = globSync('src/**/*.ts', { cwd: root }).sort();

/** What each file names in `import`, `export … from`, `import()` and `new URL()`, type imports included. */
const imports = new Map(files.map((file) => [file, importsOf(file)]));

function importsOf(file: string): string[] {
  const text = read(file);
  const found = [
    ...text.matchAll(/^(?:import|export)\s[^;]*?from\s+'([^']+)'/gm),
    ...text.matchAll(/^import\s+'([^']+)'/gm),
    ...text.matchAll(/\bimport\('([^']+)'\)/g),
    // A worker's file has the extension of the file that starts it.
    ...[...text.matchAll(/new URL\(`(\.[^`$]+)\$\{extname\(/g)].map(([whole, name]) => [whole, `${name}.ts`]),
  ];
  return found.map(([, name]) => (name!.startsWith('.') ? relative('.', join(dirname(file), name!)) : name!));
}

const inside = (file: string): string[] => imports.get(file)!.filter((name) => name.startsWith('src/'));

const ranks: readonly (readonly string[])[] = [
  ['model', 'errors'],
  ['config', 'telemetry'],
  ['transport', 'stores'],
  ['tokens', 'services'],
  ['forwarding', 'oauth'],
  ['policies'],
  ['plan'],
  ['edge', 'operations'],
  [
    'gateway.ts',
    'authority.ts',
    'authorization-server.ts',
    'open-callers.ts',
    'open-operations.ts',
    'cli',
    'main.ts',
    'index.ts',
  ],
];
const placeOf = (file: string): string => file.split('/')[1]!;
const rankOf = (file: string): number => ranks.findIndex((places) => places.includes(placeOf(file)));

test('every file has a rank', () => {
  expect(files.filter((file) => rankOf(file) === -1)).toEqual([]);
});

test('a folder imports only from lower ranks; the top rank makes up the process and may know itself', () => {
  const top = ranks.length - 1;
  const wrong = files.flatMap((file) =>
    inside(file)
      .filter((name) => placeOf(name) !== placeOf(file) && rankOf(name) >= rankOf(file))
      .filter((name) => !(rankOf(file) === top && rankOf(name) === top))
      .map((name) => `${file} imports ${name}`),
  );
  expect(wrong).toEqual([]);
});

test('no file imports itself by way of others', () => {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) cycles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
    if (done.has(file) || trail.includes(file)) return;
    for (const name of inside(file)) visit(name, [...trail, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});

test('every import leads to a file, and every file is reached from the process or the library', () => {
  const reached = new Set(['src/main.ts', 'src/index.ts'].filter((file) => files.includes(file)));
  for (const file of reached) for (const name of inside(file)) reached.add(name);
  expect([...reached].filter((name) => !files.includes(name))).toEqual([]);
  expect(files.filter((file) => !reached.has(file))).toEqual([]);
});

/** Where each library may be imported: its types and its ways stop there. */
const places: Readonly<Record<string, readonly string[]>> = {
  ajv: ['src/policies/validate/compile-schema.ts'],
  'ajv-formats': ['src/policies/validate/compile-schema.ts'],
  cookie: ['src/oauth/cookies.ts'],
  express: ['src/edge', 'src/oauth', 'src/operations', 'src/policies', 'src/plan/plan.ts'],
  'express-rate-limit': ['src/policies/rate-limit/limiter.ts', 'src/oauth/network-of.ts'],
  jsonwebtoken: ['src/tokens'],
  'http-proxy-middleware': ['src/forwarding/tunnels.ts'],
  'node-cache': ['src/stores/memory/bounded-memory.ts'],
  'oauth2-server': ['src/oauth/engine.ts'],
  'prom-client': ['src/telemetry/metrics.ts', 'src/telemetry/scraped-gauges.ts', 'src/telemetry/tallies.ts'],
  re2js: ['src/plan/pattern.ts', 'src/policies/validate/linear-pattern.ts'],
  undici: ['src/transport'],
  winston: ['src/telemetry/logger.ts'],
  'winston-transport': ['src/telemetry/logger.ts'],
  yaml: ['src/config'],
  zod: ['src/config', 'src/policies', 'src/oauth/administration', 'src/operations/admin'],
};

const packages = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
const libraryOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
const libraries = files.flatMap((file) =>
  imports
    .get(file)!
    .filter((name) => !name.startsWith('src/') && !name.startsWith('node:'))
    .map((name) => ({ file, library: libraryOf(name) })),
);

test('each library stays in its place', () => {
  const astray = libraries.filter(
    ({ file, library }) => !places[library]?.some((place) => file === place || file.startsWith(`${place}/`)),
  );
  expect(astray.map(({ file, library }) => `${file} imports ${library}`)).toEqual([]);
});

test('every dependency is imported, and every import is a dependency', () => {
  const used = [...new Set(libraries.map(({ library }) => library))].sort();
  expect(used).toEqual(Object.keys(packages.dependencies).sort());
});

/** What the configuration, a request or a user says to mean one of a list; a grant goes by its type. */
type Named = { readonly name?: string; readonly type?: string };
const nameOf = ({ name, type }: Named): string | undefined => name ?? type;

describe('the explicit lists are complete', () => {
  const exportsOf = async (pattern: string, form: RegExp): Promise<unknown[]> => {
    const found = globSync(pattern, { cwd: root }).filter((file) => form.test(read(file)));
    expect(found).not.toEqual([]);
    const modules = await Promise.all(
      found.map((file) => import(join(root, file)) as Promise<Record<string, unknown>>),
    );
    return modules.flatMap((module, index) =>
      [...read(found[index]!).matchAll(new RegExp(form, 'g'))].map(([, name]) => module[name!]),
    );
  };

  test.each<[string, string, RegExp, readonly unknown[]]>([
    ['balancers', 'src/services/balancing/*.ts', /export const (\w+): BalancerKind\b/, balancers],
    ['policies', 'src/policies/**/*.ts', /export const (\w+) = definePolicy\(/, policies],
    ['grants', 'src/oauth/grants/*.ts', /export const (\w+): Grant\b/, grants],
    ['commands', 'src/cli/**/*.ts', /export const (\w+) = defineCommand\(/, commands],
  ])('%s', async (_what, pattern, form, list) => {
    const all = await exportsOf(pattern, form);
    expect(new Set(all)).toEqual(new Set(list));
    const names = list.map((item) => nameOf(item as Named));
    expect(names).not.toContain(undefined);
    expect(new Set(names).size).toBe(names.length);
  });
});

test('docs/errors.md explains every error code, and no other', () => {
  const documented = read('docs/errors.md').match(/GW_[A-Z_]+/g) ?? [];
  expect([...new Set(documented)].sort()).toEqual(Object.keys(errorCodes).sort());
});
