import type { Writable } from 'node:stream';

/** What a command sees of the world outside: nothing else, so that tests can give it another one. */
export interface Surroundings {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder that relative file names start from. */
  readonly cwd: string;
  /** Aborted when the process shall end: a signal, or the launcher is gone. */
  readonly stop: AbortSignal;
  /** Tells the process that started this one, if it listens. */
  readonly notify: (message: Readonly<Record<string, unknown>>) => void;
}

/** A command's surroundings and what stood behind its name. */
export interface CommandContext extends Surroundings {
  /** Values of the options given, by name. */
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly positionals: readonly string[];
}

/** An option; each takes a value. */
export interface CommandOption {
  /** What the value is, in help: `file`. */
  readonly value: string;
  readonly description: string;
}

/** One command of `garita`: adding one is a file and a line in the list. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows `garita` in help: `check [file]`. */
  readonly usage: string;
  /** How many arguments it takes at most, options apart. */
  readonly maxPositionals: number;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Does the work and gives the exit code. What it throws is reported by the caller. */
  run(context: CommandContext): Promise<number>;
}

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
