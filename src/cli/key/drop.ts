import { administer, operator } from '../administer.ts';
import { administrationOptions, confirmOption } from '../administration-options.ts';
import { defineCommand } from '../command.ts';
import { confirm } from '../prompts.ts';

/** `garita key drop`: for a key that others may have. */
export const keyDropCommand = defineCommand({
  name: 'key drop',
  summary: 'Removes a signing key at once, with every token that it signed',
  usage: 'key drop <id> [--yes]',
  argument: { name: 'id' },
  options: { ...confirmOption, ...administrationOptions },
  async run(context) {
    const { values, argument, stdout } = context;
    if (!values.yes) await confirm(context, `No access token that the key ${argument} signed will be good any more.`);
    await administer(context, ({ keys }) => keys.drop(argument, operator));
    stdout.write(`dropped the key ${argument}\n`);
    return 0;
  },
});
