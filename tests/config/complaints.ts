/** What users read about a configuration, for the tests beside this file. */
import { type LoadedConfig, parseConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problem.ts';

export const head = 'version: 1\nissuer: http://127.0.0.1:8080\n';
export const parse = (text: string, environment = {}): LoadedConfig =>
  parseConfig(text, { file: 'garita.yaml', environment });

/** What a user reads about a text that follows the two lines of `head`, without the count. */
export function complaints(rest: string, environment = {}): string[] {
  try {
    parse(head + rest, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').slice(0, -1);
    throw error;
  }
  return [];
}

/** Expects one complaint: the text has a ‸ where it points to. */
export function expectComplaint(marked: string, complaint: string, environment = {}): void {
  const before = (head + marked).split('‸')[0]?.split('\n') ?? [];
  const place = `garita.yaml:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  expect(complaints(marked.replace('‸', ''), environment)).toEqual([`${place}  ${complaint}`]);
}
