import { administer, operator } from '../administer.ts';
import { administrationOptions, jsonOption } from '../administration-options.ts';
import { defineCommand } from '../command.ts';
import { formatJson } from '../format-json.ts';
import { askNewPassword } from '../prompts.ts';
import { readPair } from '../read-pair.ts';
import { passwordOption } from './password-option.ts';

/** `garita user add`: a user of the embedded directory. */
export const userAddCommand = defineCommand({
  name: 'user add',
  summary: 'Adds a user, after asking for the password',
  usage: 'user add <username> [--role role ...] [--attribute name=text ...] [--password-stdin] [--json]',
  argument: { name: 'username' },
  options: {
    role: { value: 'role', repeatable: true, description: 'A role' },
    attribute: { value: 'name=text', repeatable: true, description: 'An attribute, such as name or email' },
    ...passwordOption,
    ...jsonOption,
    ...administrationOptions,
  },
  async run(context) {
    const { stdout, values, argument: username } = context;
    const attributes = Object.fromEntries(values.attribute.map((written) => readPair('--attribute', written)));
    const password = await askNewPassword(context, values['password-stdin']);
    const input = { username, password, roles: values.role, attributes };
    const user = await administer(context, ({ users }) => users.add(input, operator));
    stdout.write(values.json ? formatJson(user) : `added the user ${user.username} (${user.id})\n`);
    return 0;
  },
});
