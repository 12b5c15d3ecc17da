import { parseArgs } from 'node:util';
import { suggest } from '../config/closest.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';

type Arguments = Pick<CommandContext, 'values' | 'argument'>;

/**
 * Reads what stands behind a command's name; undefined when it asks for help.
 *
 * @throws UsageError for an unknown option, one without its value, given twice or given a value that it does not take,
 * and for a missing or surplus argument.
 */
export function parseArguments({ name, options, argument }: Command, args: readonly string[]): Arguments | undefined {
  const given = new Map(Object.keys(options).map((option) => [option, [] as string[]]));
  const positionals: string[] = [];
  for (const token of readTokens(options, args)) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.name === 'help') return undefined;
    const found = given.get(token.name);
    const { value, repeatable } = options[token.name] ?? {};
    if (found === undefined) {
      throw new UsageError(`garita ${name} has no option ${token.rawName}${suggestOption(token.name, given.keys())}`);
    }
    if (found.length > 0 && repeatable !== true) throw new UsageError(`--${token.name} is given twice`);
    if (value === undefined) {
      if (token.value !== undefined) throw new UsageError(`--${token.name} takes no value`);
    } else if (!token.value || (!token.inlineValue && token.value.startsWith('-'))) {
      throw new UsageError(`--${token.name} needs a value: --${token.name} <${value}>`);
    }
    found.push(token.value ?? '');
  }
  const [first = argument?.otherwise ?? ''] = positionals;
  const surplus = positionals[argument === undefined ? 0 : 1];
  if (surplus !== undefined) throw new UsageError(`garita ${name} does not take the argument "${surplus}"`);
  if (argument !== undefined && first === '') throw new UsageError(`garita ${name} needs <${argument.name}>`);
  const values = Object.entries(options).map(([option, { value, repeatable }]) => {
    const found = given.get(option) ?? [];
    if (repeatable) return [option, found];
    return [option, value === undefined ? found.length > 0 : found[0]];
  });
  return { values: Object.fromEntries(values), argument: first };
}

function readTokens(options: Command['options'], args: readonly string[]) {
  const known = Object.entries(options).map(
    ([option, { value }]) => [option, { type: value === undefined ? 'boolean' : 'string' }] as const,
  );
  return parseArgs({
    args: [...args],
    options: { ...Object.fromEntries(known), help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
    strict: false,
    tokens: true,
  }).tokens;
}

const suggestOption = (name: string, known: Iterable<string>): string => suggest(name, known).replace(/"(.*)"/, '--$1');
