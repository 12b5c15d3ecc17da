import { loadConfig } from '../config/load.ts';
import { linkConfig } from '../plan/compile.ts';
import type { Command } from './command.ts';

/** `garita check`: is this configuration valid, and if not, what is wrong with it, all at once. */
export const checkCommand: Command = {
  name: 'check',
  summary: 'Checks a configuration and lists everything that is wrong with it',
  usage: 'check [file]',
  maxPositionals: 1,
  options: {},
  async run({ stdout, positionals, environment, cwd }) {
    const file = positionals[0] ?? 'garita.yaml';
    const { config, source } = await loadConfig({ file, folder: cwd, environment });
    linkConfig(config, source);
    const counts = [
      count(Object.keys(config.services).length, 'service'),
      count(config.routes.length, 'route'),
      count(config.oauth.clients.length, 'client'),
    ];
    stdout.write(`${file} is valid: ${counts.join(', ')}\n`);
    return 0;
  },
};

const count = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? '' : 's'}`;
