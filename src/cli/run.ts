import { suggest } from '../config/closest.ts';
import { type Command, type Surroundings, UsageError } from './command.ts';
import { explainFailure } from './explain-failure.ts';
import { describeCommand, describeCommands } from './help.ts';
import { parseArguments } from './parse-arguments.ts';
import { readVersion } from './version.ts';

/**
 * Runs one command line and gives the exit code: 0 done, 1 failed, 2 wrong usage. What a user can cause and mend is one
 * message on stderr; anything else is thrown, for it is a mistake of Garita.
 */
export async function run(
  args: readonly string[],
  commands: readonly Command[],
  surroundings: Surroundings,
): Promise<number> {
  const { stderr } = surroundings;
  try {
    return await dispatch(args, commands, surroundings);
  } catch (error) {
    if (error instanceof UsageError) {
      stderr.write(`${error.message}\nTry: garita --help\n`);
      return 2;
    }
    const explanation = explainFailure(error);
    if (explanation === undefined) throw error;
    stderr.write(`${explanation}\n`);
    return 1;
  }
}

async function dispatch(
  [first, ...rest]: readonly string[],
  commands: readonly Command[],
  surroundings: Surroundings,
): Promise<number> {
  const { stdout, stderr } = surroundings;
  switch (first) {
    case undefined:
      stderr.write(describeCommands(commands));
      return 2;
    case '--version':
      stdout.write(`${readVersion()}\n`);
      return 0;
    case '--help':
    case '-h':
    case 'help':
      stdout.write(rest[0] === undefined ? describeCommands(commands) : describeCommand(find(rest[0], commands)));
      return 0;
  }
  const command = find(first, commands);
  const { help, values, positionals } = parseArguments(command, rest);
  if (!help) return command.run({ ...surroundings, values, positionals });
  stdout.write(describeCommand(command));
  return 0;
}

function find(name: string, commands: readonly Command[]): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const names = commands.map((candidate) => candidate.name);
  const kind = name.startsWith('-') ? 'option' : 'command';
  const known =
    kind === 'option' ? '' : suggest(name, [...names, 'help']) || `: there are ${names.join(', ')} and help`;
  throw new UsageError(`garita has no ${kind} "${name}"${known}`);
}
