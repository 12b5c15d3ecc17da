import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { commands } from '../../src/cli/index.ts';
import { run } from '../../src/cli/run.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command line runs in, unless a test says otherwise. */
export interface Place {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** All of standard input. */
  readonly input?: string;
  /** Standard input is a terminal: the input is typed. */
  readonly isTerminal?: boolean;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Runs a command line in this process. */
export async function garita(args: readonly string[], place: Place = {}): Promise<Outcome> {
  const { cwd = '/', environment = {}, input = '', isTerminal = false, now = Date.now } = place;
  const stdin = Object.assign(new PassThrough(), { isTTY: isTerminal });
  stdin.end(input);
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const { signal: stop } = new AbortController();
  const code = await run(args, commands, { stdin, stdout, stderr, environment, cwd, now, stop, notify: () => {} });
  return { code, stdout: await text(stdout.end()), stderr: await text(stderr.end()) };
}
