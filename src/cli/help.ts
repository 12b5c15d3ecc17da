import type { Command, CommandOption } from './command.ts';

/** The help of `garita` as a whole. */
export function describeCommands(commands: readonly Command[]): string {
  return [
    'Garita: an API gateway with its own OAuth 2.0 authorization server.',
    '',
    'Usage: garita <command> [options]',
    '',
    'Commands:',
    ...align([...summarize(commands), ['help [command]', 'Explains a command']]),
    '',
    'Options:',
    ...align([
      ['--help', 'Shows this help'],
      ['--version', 'Shows the version'],
    ]),
    '',
  ].join('\n');
}

/** The help of the commands on one thing, such as `client`. */
export function describeGroup(group: string, commands: readonly Command[]): string {
  return [
    `Usage: garita ${group} <command> [options]`,
    '',
    'Commands:',
    ...align(commands.map(({ name, summary }) => [name, summary])),
    '',
    `garita help ${group} <command> explains one of them.`,
    '',
  ].join('\n');
}

/** The help of one command. */
export function describeCommand({ usage, summary, options }: Command): string {
  const rows = Object.entries(options).map(([name, option]) => describeOption(name, option));
  return [
    `${summary}.`,
    '',
    `Usage: garita ${usage}`,
    '',
    'Options:',
    ...align([...rows, ['--help', 'Shows this help']]),
    '',
  ].join('\n');
}

type Row = readonly [left: string, right: string];

/** A command that stands alone with its summary; those on one thing together, by what they do. */
function summarize(commands: readonly Command[]): Row[] {
  const rows = new Map<string, string>();
  for (const { name, summary } of commands) {
    const [first, second] = name.split(' ') as [string, string?];
    if (second === undefined) rows.set(first, summary);
    else rows.set(first, rows.has(first) ? `${rows.get(first)}, ${second}` : second);
  }
  return [...rows];
}

function describeOption(name: string, { value, repeatable, description }: CommandOption): Row {
  const left = value === undefined ? `--${name}` : `--${name} <${value}>`;
  return [left, repeatable ? `${description}; may be repeated` : description];
}

function align(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
