import { administer, operator } from '../administer.ts';
import { administrationOptions } from '../administration-options.ts';
import { defineCommand } from '../command.ts';

/** `garita user enable`. */
export const userEnableCommand = defineCommand({
  name: 'user enable',
  summary: 'Lets a user who was disabled sign in again',
  usage: 'user enable <user>',
  argument: { name: 'user' },
  options: administrationOptions,
  async run(context) {
    const user = await administer(context, ({ users }) => users.setDisabled(context.argument, false, operator));
    context.stdout.write(`enabled the user ${user.username} (${user.id})\n`);
    return 0;
  },
});
