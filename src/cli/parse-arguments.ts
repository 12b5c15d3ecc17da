import { parseArgs } from 'node:util';
import { suggest } from '../config/closest.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';

type Arguments = Pick<CommandContext, 'values' | 'positionals'> & { readonly help: boolean };

/**
 * Reads what stands behind a command's name.
 *
 * @throws UsageError for an unknown option, one without its value, or too many arguments.
 */
export function parseArguments({ name, options, maxPositionals }: Command, args: readonly string[]): Arguments {
  const names = Object.keys(options);
  const known = Object.fromEntries(names.map((option) => [option, { type: 'string' as const }]));
  const { tokens } = parseArgs({
    args: [...args],
    options: { ...known, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });

  const values: Record<string, string> = {};
  const positionals: string[] = [];
  let help = false;
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.name === 'help') help = true;
    else if (!Object.hasOwn(options, token.name)) {
      throw new UsageError(`garita ${name} has no option ${token.rawName}${suggestOption(token.name, names)}`);
    } else if (!token.value || (!token.inlineValue && token.value.startsWith('-'))) {
      throw new UsageError(`--${token.name} needs a value: --${token.name} <${options[token.name]?.value}>`);
    } else values[token.name] = token.value;
  }
  const surplus = positionals[maxPositionals];
  if (surplus !== undefined && !help) throw new UsageError(`garita ${name} does not take the argument "${surplus}"`);
  return { values, positionals, help };
}

const suggestOption = (name: string, known: readonly string[]): string =>
  suggest(name, known).replace(/"(.*)"/, '--$1');
