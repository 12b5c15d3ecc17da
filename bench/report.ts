import type { Measurement } from './measure.ts';
import type { CoreUsage } from './readings.ts';
import type { CaseResult, Outcome } from './run-case.ts';
import { type Spread, summarize } from './statistics.ts';
import { describeCores, explainMarks, formatTable, nameOnce } from './table.ts';

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
  const names = nameOnce(rows.map((row) => row.case));
  const lines = rows.map((row, index) => [names[index]!, row.target, ...cells(row)]);
  return formatTable(head, lines) + explainMarks(rows);
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
