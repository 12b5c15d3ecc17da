import { administer, operator } from '../administer.ts';
import { administrationOptions } from '../administration-options.ts';
import { defineCommand } from '../command.ts';

/** `garita client enable`. */
export const clientEnableCommand = defineCommand({
  name: 'client enable',
  summary: 'Lets a client that was disabled get tokens again',
  usage: 'client enable <id>',
  argument: { name: 'id' },
  options: administrationOptions,
  async run(context) {
    const { id } = await administer(context, ({ clients }) => clients.setDisabled(context.argument, false, operator));
    context.stdout.write(`enabled the client ${id}\n`);
    return 0;
  },
});
