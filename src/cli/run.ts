import { suggest } from '../config/closest.ts';
import { type Command, type Surroundings, UsageError } from './command.ts';
import { explainFailure } from './explain-failure.ts';
import { describeCommand, describeCommands, describeGroup } from './help.ts';
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
      stderr.write(`${error.message}\nTry: ${helpOn(args, commands)}\n`);
      return 2;
    }
    const explanation = explainFailure(error);
    if (explanation === undefined) throw error;
    stderr.write(`${explanation}\n`);
    return 1;
  }
}

async function dispatch(
  args: readonly string[],
  commands: readonly Command[],
  surroundings: Surroundings,
): Promise<number> {
  const { stdout, stderr } = surroundings;
  const [first, ...rest] = args;
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
      stdout.write(rest[0] === undefined ? describeCommands(commands) : explain(find(rest, commands)));
      return 0;
  }
  const found = find(args, commands);
  if ('group' in found) {
    (found.help ? stdout : stderr).write(explain(found));
    return found.help ? 0 : 2;
  }
  const parsed = parseArguments(found.command, found.rest);
  if (parsed !== undefined) return found.command.run({ ...surroundings, ...parsed });
  stdout.write(explain(found));
  return 0;
}

type Found =
  | { readonly command: Command; readonly rest: readonly string[] }
  /** The name of several commands, and no more than that. */
  | { readonly group: string; readonly commands: readonly Command[]; readonly help: boolean };

function find([first = '', second, ...rest]: readonly string[], commands: readonly Command[]): Found {
  const one = commands.find(({ name }) => name === first);
  if (one !== undefined) return { command: one, rest: second === undefined ? rest : [second, ...rest] };
  const group = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (group.length === 0) {
    const words = new Set(commands.map(({ name }) => name.split(' ')[0]!));
    throw unknown('garita', first, [...words, 'help']);
  }
  const help = second === '--help' || second === '-h';
  if (second === undefined || help) return { group: first, commands: group, help };
  const command = group.find(({ name }) => name === `${first} ${second}`);
  if (command !== undefined) return { command, rest };
  throw unknown(
    `garita ${first}`,
    second,
    group.map(({ name }) => name.slice(first.length + 1)),
  );
}

function unknown(place: string, name: string, known: readonly string[]): UsageError {
  if (name.startsWith('-')) return new UsageError(`${place} has no option "${name}"`);
  const others = `: there are ${known.slice(0, -1).join(', ')} and ${known.at(-1)}`;
  return new UsageError(`${place} has no command "${name}"${suggest(name, known) || others}`);
}

/** What explains the command that was typed, or those on the same thing. */
function helpOn([first, second]: readonly string[], commands: readonly Command[]): string {
  const isKnown = (name: string) => commands.some((one) => one.name === name || one.name.startsWith(`${name} `));
  const named = [`${first} ${second}`, `${first}`].find(isKnown);
  return named === undefined ? 'garita --help' : `garita ${named} --help`;
}

const explain = (found: Found): string =>
  'group' in found ? describeGroup(found.group, found.commands) : describeCommand(found.command);
