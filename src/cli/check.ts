import { loadConfig } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import { warningsOf } from '../config/warnings.ts';
import { linkConfig } from '../plan/compile.ts';
import { defineCommand } from './command.ts';

/** `garita check`: is this configuration valid, and if not, what is wrong with it, all at once. */
export const checkCommand = defineCommand({
  name: 'check',
  summary: 'Checks a configuration and lists everything that is wrong with it',
  usage: 'check [file]',
  argument: { name: 'file', otherwise: 'garita.yaml' },
  options: {},
  async run({ stdout, stderr, argument: file, environment, cwd }) {
    const { config, source } = await loadConfig({ file, folder: cwd, environment });
    linkConfig(config, source);
    for (const warning of warningsOf(config, source)) stderr.write(`warning: ${formatProblem(warning)}\n`);
    const counts = [
      count(Object.keys(config.services).length, 'service'),
      count(config.routes.length, 'route'),
      count(config.oauth.clients.length, 'client'),
    ];
    stdout.write(`${file} is valid: ${counts.join(', ')}\n`);
    return 0;
  },
});

const count = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? '' : 's'}`;
