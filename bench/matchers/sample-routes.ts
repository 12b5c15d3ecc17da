import type { SampleRoute } from './matcher-contender.ts';

/** Routes of one kind, and for each a path that only it matches. */
export interface Sample {
  readonly routes: readonly SampleRoute[];
  readonly paths: readonly string[];
}

const templates = [
  (name: string) => ({ template: `/api/v1/${name}`, path: `/api/v1/${name}` }),
  (name: string) => ({ template: `/api/v1/${name}/{id}`, path: `/api/v1/${name}/8342` }),
  (name: string) => ({ template: `/api/v1/${name}/{id}/lines/{line}`, path: `/api/v1/${name}/8342/lines/7` }),
  (name: string) => ({ template: `/api/v1/${name}/files/*`, path: `/api/v1/${name}/files/2026/03/report.pdf` }),
] as const;

/** Templates of four shapes in turn, over as many resources as it takes. */
export function sampleTemplates(count: number): Sample {
  const made = Array.from({ length: count }, (_, n) => templates[n % templates.length]!(`resource${n}`));
  return {
    routes: made.map(({ template }, n) => ({ id: `route-${n}`, template })),
    paths: made.map(({ path }) => path),
  };
}

/** Expressions with two named groups, each behind a literal beginning of its own. */
export function sampleExpressions(count: number): Sample {
  const numbers = Array.from({ length: count }, (_, n) => n);
  return {
    routes: numbers.map((n) => ({
      id: `route-${n}`,
      expression: `^/api/v1/resource${n}/(?<id>[0-9]{1,9})/(?<part>[a-z]+)$`,
    })),
    paths: numbers.map((n) => `/api/v1/resource${n}/8342/lines`),
  };
}
