import { administer, operator } from '../administer.ts';
import { administrationOptions, jsonOption } from '../administration-options.ts';
import { defineCommand } from '../command.ts';
import { formatJson } from '../format-json.ts';
import { readDuration } from '../times.ts';
import { showSecret } from './show-secret.ts';

/** `garita client rotate-secret`: another secret, while the one before goes on working for some time. */
export const clientRotateSecretCommand = defineCommand({
  name: 'client rotate-secret',
  summary: 'Gives a client another secret and prints it, once',
  usage: 'client rotate-secret <id> [--overlap duration] [--json]',
  argument: { name: 'id' },
  options: {
    overlap: { value: 'duration', description: 'How long the secret before goes on working; 24h when not given' },
    ...jsonOption,
    ...administrationOptions,
  },
  async run(context) {
    const { stdout, values, argument } = context;
    const written = values.overlap ?? '24h';
    const overlap = readDuration('--overlap', written);
    const rotated = await administer(context, ({ clients }) => clients.rotateSecret(argument, overlap, operator));
    if (values.json) stdout.write(formatJson(rotated));
    else {
      stdout.write(showSecret(rotated.secret));
      stdout.write(
        overlap === 0 ? 'The secret before works no longer.\n' : `The secret before goes on working for ${written}.\n`,
      );
    }
    return 0;
  },
});
