import type { Case } from './cases.ts';
import { type Bench, type Measurement, measure } from './measure.ts';
import { rotate } from './rotate.ts';
import type { RunningTarget, Surroundings, Target } from './targets/target.ts';
import { verifyReplies } from './verify.ts';

/** What a target did in a case: a measurement a round, or the reason why there is none. */
export type Outcome =
  | { readonly target: Target; readonly rounds: readonly Measurement[] }
  | { readonly target: Target; readonly failure: string };

export interface CaseResult {
  readonly case: Case;
  readonly outcomes: readonly Outcome[];
}

export interface Duration {
  readonly rounds: number;
  /** Of each measurement. */
  readonly seconds: number;
}

interface Contender {
  readonly target: Target;
  readonly running: RunningTarget | undefined;
  readonly rounds: Measurement[];
  failure?: string;
}

/** Starts the targets of a case, all of them, and measures each once a round, another one first in each round. */
export async function runCase(
  bench: Bench,
  surroundings: Omit<Surroundings, 'signing'>,
  contest: Case,
  targets: readonly Target[],
  { rounds, seconds }: Duration,
  tell: (line: string) => void,
): Promise<CaseResult> {
  const contenders: Contender[] = [];
  for (const target of targets)
    contenders.push(await enter(target, { ...surroundings, signing: contest.signing ?? 'RS256' }, contest));
  for (let round = 0; round < rounds; round++) {
    for (const contender of rotate(contenders, round)) {
      if (!contender.running || contender.failure) continue;
      const warmUp = round === 0 ? Math.min(3, seconds) : 1;
      try {
        const measurement = await measure(bench, contest, contender.running, { warmUp, measured: seconds });
        contender.rounds.push(measurement);
        const speed = Math.round(measurement.requestsPerSecond).toLocaleString('en');
        tell(`${contest.id} round ${round + 1} of ${rounds}: ${contender.target.name} ${speed} requests/s`);
      } catch (error) {
        contender.failure = explain(error, contender.running);
      }
    }
  }
  for (const { running } of contenders) await running?.stop();
  return {
    case: contest,
    outcomes: contenders.map(({ target, rounds, failure }) => (failure ? { target, failure } : { target, rounds })),
  };
}

async function enter(target: Target, surroundings: Surroundings, contest: Case): Promise<Contender> {
  let running: RunningTarget | undefined;
  try {
    running = await target.start(surroundings);
    await verifyReplies(target, running, contest);
    return { target, running, rounds: [] };
  } catch (error) {
    return { target, running, rounds: [], failure: explain(error, running) };
  }
}

function explain(error: unknown, running: RunningTarget | undefined): string {
  const complaint = running?.process.complaint();
  return (error as Error).message + (complaint ? `\n${complaint}` : '');
}
