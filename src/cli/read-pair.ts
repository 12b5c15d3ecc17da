import { UsageError } from './command.ts';

/**
 * Reads what an option names and its text: `tenant=north`.
 *
 * @throws UsageError when it has no equals sign, or nothing before it.
 */
export function readPair(option: string, written: string): [name: string, value: string] {
  const at = written.indexOf('=');
  if (at > 0) return [written.slice(0, at), written.slice(at + 1)];
  throw new UsageError(`${option}: expected a name and a text such as tenant=north, got "${written}"`);
}
