import { administer, operator } from '../administer.ts';
import { administrationOptions } from '../administration-options.ts';
import { defineCommand } from '../command.ts';

/** `garita user disable`. */
export const userDisableCommand = defineCommand({
  name: 'user disable',
  summary: 'Signs a user out everywhere and lets them in no more',
  usage: 'user disable <user>',
  argument: { name: 'user' },
  options: administrationOptions,
  async run(context) {
    const user = await administer(context, ({ users }) => users.setDisabled(context.argument, true, operator));
    context.stdout.write(`disabled the user ${user.username} (${user.id})\n`);
    return 0;
  },
});
