import { administer, operator } from '../administer.ts';
import { administrationOptions } from '../administration-options.ts';
import { defineCommand } from '../command.ts';
import { formatDistance } from '../times.ts';

/** `garita key rotate`: a new key takes over. */
export const keyRotateCommand = defineCommand({
  name: 'key rotate',
  summary: 'Makes a new signing key, which takes over when verifiers had time to see it',
  usage: 'key rotate',
  options: administrationOptions,
  async run(context) {
    const { id, algorithm, activeFrom } = await administer(context, ({ keys }) => keys.rotate(operator));
    const when = formatDistance(activeFrom, context.now() / 1_000);
    context.stdout.write(`the new ${algorithm} key ${id} is published and signs ${when}\n`);
    return 0;
  },
});
