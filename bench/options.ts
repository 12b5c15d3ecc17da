import { parseArgs } from 'node:util';
import { cases } from './cases.ts';
import { targets } from './targets/index.ts';
import type { TargetName } from './targets/target.ts';
import { transfers } from './transfer/transfers.ts';

export interface Options {
  readonly cases: readonly string[];
  readonly targets: readonly TargetName[];
  readonly rounds: number;
  readonly seconds: number;
  readonly matcher: boolean;
  readonly transfers: readonly string[];
  /** Whether to look if events are passed on at once. */
  readonly event: boolean;
}

/** A mistake on the command line: a message for the user, exit code 2. */
export class UsageError extends Error {}

const known = [...cases.map(({ id }) => id), ...transfers.map(({ id }) => id), 'event', 'matcher'];

export const usage = `npm run bench -- [options]

  --cases LIST     of: ${known.join(', ')}
                   (a name without @ stands for all its connection counts; all of them when absent)
  --targets LIST   of: ${targets.map(({ name }) => name).join(', ')} (all when absent)
  --rounds N       rounds of every case, 5 when absent; the table shows their medians
  --seconds N      of each measurement, 4 when absent; a transfer takes as long as it takes
  --quick          one round of one second at 64 connections: does everything work?
  --help`;

/** Reads the command line. Throws a UsageError. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const given = parse(args);
  if (given.help) return 'help';
  const chosen = given.cases === undefined ? known : select(given.cases, known, 'case');
  return {
    cases: given.quick ? chosen.filter((id) => !id.endsWith('@500')) : chosen,
    targets: select(
      given.targets,
      targets.map(({ name }) => name),
      'target',
    ) as TargetName[],
    rounds: given.quick ? 1 : readCount(given.rounds, 5, '--rounds'),
    seconds: given.quick ? 1 : readCount(given.seconds, 4, '--seconds'),
    matcher: chosen.includes('matcher'),
    transfers: transfers.map(({ id }) => id).filter((id) => chosen.includes(id)),
    event: chosen.includes('event'),
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: { cases: text, targets: text, rounds: text, seconds: text, quick: flag, help: flag },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function select(list: string | undefined, known: readonly string[], noun: string): string[] {
  if (list === undefined) return [...known];
  return list.split(',').flatMap((word) => {
    const found = known.filter((name) => name === word || name.startsWith(`${word}@`));
    if (found.length === 0) throw new UsageError(`there is no ${noun} "${word}"; there are ${known.join(', ')}`);
    return found;
  });
}

function readCount(text: string | undefined, otherwise: number, name: string): number {
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new UsageError(`${name} takes a whole number from 1 to 9999, not "${text}"`);
  return Number(text);
}
