import type { MatcherRow } from './matcher.ts';
import type { Measurement } from './measure.ts';
import type { CoreUsage } from './readings.ts';
import type { CaseResult, Outcome } from './run-case.ts';
import { type Spread, summarize } from './statistics.ts';

/** The figures of one target in one case: medians over the rounds. */
export interface Row {
  readonly case: string;
  readonly target: string;
  readonly requestsPerSecond?: Spread;
  readonly p50?: number;
  readonly p99?: number;
  readonly peakMemory?: number | null;
  readonly cores?: CoreUsage | null;
  /** Median requests a second divided by those of the case's peer. */
  readonly toPeer?: number | null;
  readonly failure?: string;
  readonly rounds?: readonly Measurement[];
}

/** A figure of the task, and whether this run reached it. */
export interface Goal {
  readonly goal: string;
  readonly value: number;
  readonly reached: boolean;
}

/** The rows of the table, cases in order. */
export function tabulate(results: readonly CaseResult[]): Row[] {
  return results.flatMap(({ case: { id, peer }, outcomes }) => {
    const compared = outcomes.find(({ target }) => target.name === peer);
    const base = compared && speed(compared);
    return outcomes.map((outcome) => summarizeOutcome(id, outcome, base));
  });
}

function speed(outcome: Outcome): number | undefined {
  return 'rounds' in outcome ? summarize(outcome.rounds.map((round) => round.requestsPerSecond)).median : undefined;
}

function summarizeOutcome(id: string, outcome: Outcome, base: number | undefined): Row {
  const target = outcome.target.name;
  if ('failure' in outcome) return { case: id, target, failure: outcome.failure };
  const { rounds } = outcome;
  const median = (pick: (round: Measurement) => number) => summarize(rounds.map(pick)).median;
  const requestsPerSecond = summarize(rounds.map((round) => round.requestsPerSecond));
  return {
    case: id,
    target,
    requestsPerSecond,
    p50: median((round) => round.p50),
    p99: median((round) => round.p99),
    peakMemory: rounds.at(-1)!.peakMemory,
    cores: rounds.every((round) => round.cores)
      ? {
          server: median((round) => round.cores!.server),
          load: median((round) => round.cores!.load),
          foreign: median((round) => round.cores!.foreign),
        }
      : null,
    toPeer: base === undefined ? null : requestsPerSecond.median / base,
    rounds,
  };
}

const head = ['case', 'target', 'requests/s', 'min..max', 'p50 ms', 'p99 ms', 'peak MB', 'server/load core', '× peer'];

/** The table for a terminal, which is Markdown too. */
export function printTable(rows: readonly Row[]): string {
  const lines = rows.map((row, index) => [
    row.case === rows[index - 1]?.case ? '' : row.case,
    row.target,
    ...cells(row),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column]!.length)));
  const align = (line: readonly string[]) =>
    `| ${line.map((cell, at) => (at < 2 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => (at < 2 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [align(head), rule, ...lines.map(align), ...legend(rows)].join('\n');
}

function legend(rows: readonly Row[]): string[] {
  const any = (test: (cores: CoreUsage) => boolean) => rows.some(({ cores }) => cores && test(cores));
  return [
    any(isDisturbed)
      ? '\n! other programs used more than 5% of these cores meanwhile: repeat it when they do not.'
      : '',
    any(isLimitedByLoad)
      ? '\n* the server had time left, or the load had none: the server can do at least this much.'
      : '',
  ].filter(Boolean);
}

function cells(row: Row): string[] {
  if (!row.requestsPerSecond) return ['FAILED', '', '', '', '', '', ''];
  const { median, min, max } = row.requestsPerSecond;
  const whole = (value: number) => Math.round(value).toLocaleString('en');
  return [
    whole(median),
    `${whole(min)}..${whole(max)}`,
    row.p50!.toFixed(2),
    row.p99!.toFixed(2),
    row.peakMemory == null ? '?' : (row.peakMemory / 1e6).toFixed(0),
    describeCores(row.cores),
    row.toPeer == null ? '-' : row.toPeer.toFixed(2),
  ];
}

function describeCores(cores: CoreUsage | null | undefined): string {
  if (!cores) return '?';
  const percent = (share: number) => `${Math.round(share * 100)}%`;
  const marks = [isDisturbed(cores) && '!', isLimitedByLoad(cores) && '*'].filter(Boolean);
  return [`${percent(cores.server)}/${percent(cores.load)}`, ...marks].join(' ');
}

function isDisturbed({ foreign }: CoreUsage): boolean {
  return foreign > 0.05;
}

function isLimitedByLoad({ server, load }: CoreUsage): boolean {
  return server < 0.9 || load > 0.97;
}

/** What the task asks of Garita, as far as these figures tell. */
export function judge(rows: readonly Row[], matchers: readonly MatcherRow[]): Goal[] {
  const speed = (id: string, target: string) =>
    rows.find((row) => row.case === id && row.target === target)?.requestsPerSecond?.median ?? Number.NaN;
  const ratio = (id: string, peer: string) => speed(id, 'garita') / speed(id, peer);
  const atLeast = (goal: string, value: number, least: number): Goal => ({ goal, value, reached: value >= least });
  const atMost = (goal: string, value: number, most: number): Goal => ({ goal, value, reached: value < most });
  const matching = matchers.filter(({ matcher, routes }) => matcher === 'garita' && routes === 10_000);
  return [
    atLeast('forwarded GET, at least 1.2 × stock', ratio('get@64', 'stock'), 1.2),
    atLeast('cache hit, at least 2 × stock forwarding', ratio('cache-hit@64', 'stock'), 2),
    atLeast('forwarded GET, at least 0.5 × nginx (the goal behind)', ratio('get@64', 'nginx'), 0.5),
    atLeast('tokens with RS256, at least 3 × oidc-provider', ratio('token-rs256@64', 'oidc-provider'), 3),
    atLeast('tokens with ES256, at least 8 × oidc-provider', ratio('token-es256@64', 'oidc-provider'), 8),
    ...matching.map(({ kind, nanoseconds }) =>
      atMost(`matching among 10,000 ${kind}, under 2 µs`, nanoseconds.median / 1_000, 2),
    ),
  ].filter(({ value }) => !Number.isNaN(value));
}
