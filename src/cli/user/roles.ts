import { administer, operator } from '../administer.ts';
import { administrationOptions } from '../administration-options.ts';
import { defineCommand, UsageError } from '../command.ts';

/** `garita user roles`: these roles instead of those before. */
export const userRolesCommand = defineCommand({
  name: 'user roles',
  summary: 'Puts roles in place of those that a user has, and signs them out everywhere',
  usage: 'user roles <user> (--role role ... | --none)',
  argument: { name: 'user' },
  options: {
    role: { value: 'role', repeatable: true, description: 'A role' },
    none: { description: 'No role at all' },
    ...administrationOptions,
  },
  async run(context) {
    const { values, argument, stdout } = context;
    if (values.none === values.role.length > 0)
      throw new UsageError('garita user roles needs either --role <role> or --none');
    const user = await administer(context, ({ users }) => users.setRoles(argument, values.role, operator));
    const roles = user.roles.length === 0 ? 'no roles' : `the roles ${user.roles.join(', ')}`;
    stdout.write(`${user.username} (${user.id}) has ${roles} now and is signed out everywhere\n`);
    return 0;
  },
});
