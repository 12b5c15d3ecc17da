import { findMyWay } from './matchers/find-my-way.js';
import { garita } from './matchers/garita.ts';
import type { FindRoute, MatcherContender } from './matchers/matcher-contender.ts';
import { type Sample, sampleExpressions, sampleTemplates } from './matchers/sample-routes.ts';
import { type Spread, summarize } from './statistics.ts';

const contenders: readonly MatcherContender[] = [garita, findMyWay];
const sizes = [10, 1_000, 10_000];
const repetitions = 9;
const repetitionMs = 60;

/** What one match costs: median, least and greatest of several repetitions. */
export interface MatcherRow {
  readonly matcher: string;
  readonly kind: 'templates' | 'expressions';
  readonly routes: number;
  readonly nanoseconds: Spread;
}

/** Measures every matcher with each kind and number of routes; takes a few seconds of one core. */
function measureMatchers(): MatcherRow[] {
  return contenders.flatMap((contender) =>
    (['templates', 'expressions'] as const)
      .filter((kind) => kind === 'templates' || contender.expressions)
      .flatMap((kind) =>
        sizes.map((routes) => {
          const sample = kind === 'templates' ? sampleTemplates(routes) : sampleExpressions(routes);
          const find = contender.build(sample.routes);
          return { matcher: contender.name, kind, routes, nanoseconds: measure(find, sample) };
        }),
      ),
  );
}

function measure(find: FindRoute, { routes, paths }: Sample) {
  paths.forEach((path, n) => {
    const found = find(path);
    if (found !== routes[n]!.id) throw new Error(`${path} must match ${routes[n]!.id}, not ${found ?? 'nothing'}`);
  });
  const visits = shuffle(paths);
  timeMatches(find, visits);
  return summarize(Array.from({ length: repetitions }, () => timeMatches(find, visits)));
}

function timeMatches(find: FindRoute, paths: readonly string[]): number {
  const start = performance.now();
  let matches = 0;
  let found = 0;
  let now = start;
  while (now - start < repetitionMs) {
    for (const path of paths) if (find(path) !== undefined) found++;
    matches += paths.length;
    now = performance.now();
  }
  if (found !== matches) throw new Error('a path that matched before no longer does');
  return ((now - start) * 1e6) / matches;
}

/**
 * In an order that no cache of the processor can foresee, the same in every run. The texts themselves are copied so that
 * they lie in memory as they are visited: a request's path was just made, only the matcher's own data may be far away.
 */
function shuffle(paths: readonly string[]): string[] {
  let state = 1;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state;
  };
  return paths
    .map((path) => ({ path, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ path }) => Buffer.from(path).toString('latin1'));
}

/** The table for a terminal. */
export function printMatchers(rows: readonly MatcherRow[]): string {
  const lines = rows.map(({ matcher, kind, routes, nanoseconds: { median, min, max } }) => {
    const figures = `${median.toFixed(0).padStart(7)} ns  (${min.toFixed(0)}..${max.toFixed(0)})`;
    return `${matcher.padEnd(12)} ${kind.padEnd(12)} ${routes.toLocaleString('en').padStart(6)} routes ${figures}`;
  });
  return lines.join('\n');
}

if (import.meta.main) {
  const rows = measureMatchers();
  console.log(process.argv.includes('--json') ? JSON.stringify(rows) : printMatchers(rows));
}
