import { administer, operator } from '../administer.ts';
import { administrationOptions } from '../administration-options.ts';
import { defineCommand } from '../command.ts';
import { askNewPassword } from '../prompts.ts';
import { passwordOption } from './password-option.ts';

/** `garita user password`: another password. */
export const userPasswordCommand = defineCommand({
  name: 'user password',
  summary: 'Gives a user another password, and signs them out everywhere',
  usage: 'user password <user> [--password-stdin]',
  argument: { name: 'user' },
  options: { ...passwordOption, ...administrationOptions },
  async run(context) {
    const password = await askNewPassword(context, context.values['password-stdin']);
    const user = await administer(context, ({ users }) => users.setPassword(context.argument, password, operator));
    context.stdout.write(`changed the password of ${user.username} (${user.id}) and signed them out everywhere\n`);
    return 0;
  },
});
