import { administer, operator } from '../administer.ts';
import { administrationOptions } from '../administration-options.ts';
import { defineCommand } from '../command.ts';

/** `garita client disable`. */
export const clientDisableCommand = defineCommand({
  name: 'client disable',
  summary: 'Stops a client from getting tokens, and revokes those it has',
  usage: 'client disable <id>',
  argument: { name: 'id' },
  options: administrationOptions,
  async run(context) {
    const { id } = await administer(context, ({ clients }) => clients.setDisabled(context.argument, true, operator));
    context.stdout.write(`disabled the client ${id}\n`);
    return 0;
  },
});
