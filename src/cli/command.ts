import type { Readable, Writable } from 'node:stream';

/** What a command sees of the world outside: nothing else, so that tests can give it another one. */
export interface Surroundings {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder that relative file names start from. */
  readonly cwd: string;
  /** The time in milliseconds since the epoch. */
  readonly now: () => number;
  /** Aborted when the process shall end: a signal, or the launcher is gone. */
  readonly stop: AbortSignal;
  /** Tells the process that started this one, if it listens. */
  readonly notify: (message: Readonly<Record<string, unknown>>) => void;
}

/** An option: with a value, with any number of them, or a flag, which is there or not. */
export interface CommandOption {
  /** What the value is, in help: `file`. A flag has none. */
  readonly value?: string;
  /** It may be given several times. */
  readonly repeatable?: true;
  readonly description: string;
}

/** Options by name, without their dashes. */
export type CommandOptions = Readonly<Record<string, CommandOption>>;

type OptionValue<O extends CommandOption> = O extends { readonly repeatable: true }
  ? readonly string[]
  : O extends { readonly value: string }
    ? string | undefined
    : boolean;

/** What was given for each option. */
export type OptionValues<O extends CommandOptions> = { readonly [Name in keyof O]: OptionValue<O[Name]> };

/** A command's surroundings and what stood behind its name. */
export interface CommandContext<O extends CommandOptions = CommandOptions> extends Surroundings {
  readonly values: OptionValues<O>;
  /** Empty where the command takes none. */
  readonly argument: string;
}

/** One command of `garita`: adding one is a file and a line in the list. */
export interface Command<O extends CommandOptions = CommandOptions> {
  /** One word, or two for a command among several on one thing: `client add`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows `garita` in help: `check [file]`. */
  readonly usage: string;
  /** The one thing it takes beside options; has to be given unless something else stands in for it. */
  readonly argument?: { readonly name: string; readonly otherwise?: string };
  readonly options: O;
  /** Does the work and gives the exit code. What it throws is reported by the caller. */
  run(context: CommandContext<O>): Promise<number>;
}

/** Lets a command's options say what types its values have. */
export const defineCommand = <const O extends CommandOptions>(command: Command<O>): Command => command as Command;

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command cannot do what it was asked for; the message says why and what to do. Exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
