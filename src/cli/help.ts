import type { Command } from './command.ts';

/** The help of `garita` as a whole. */
export function describeCommands(commands: readonly Command[]): string {
  return [
    'Garita: an API gateway with its own OAuth 2.0 authorization server.',
    '',
    'Usage: garita <command> [options]',
    '',
    'Commands:',
    ...align([
      ...commands.map(({ name, summary }) => [name, summary] as const),
      ['help [command]', 'Explains a command'],
    ]),
    '',
    'Options:',
    ...align([
      ['--help', 'Shows this help'],
      ['--version', 'Shows the version'],
    ]),
    '',
  ].join('\n');
}

/** The help of one command. */
export function describeCommand({ usage, summary, options }: Command): string {
  const rows = Object.entries(options).map(([name, it]) => [`--${name} <${it.value}>`, it.description] as const);
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

function align(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
