import type { UserView } from '../../oauth/administration/administration.ts';
import { administer } from '../administer.ts';
import { administrationOptions, jsonOption, limitOption } from '../administration-options.ts';
import { defineCommand } from '../command.ts';
import { printList } from '../print-list.ts';
import { readLimit } from '../read-limit.ts';
import type { Columns } from '../table.ts';
import { formatTime } from '../times.ts';

/** `garita user list`: the users of the embedded directory. */
export const userListCommand = defineCommand({
  name: 'user list',
  summary: 'Lists the users of the embedded directory',
  usage: 'user list [--limit n] [--json]',
  options: { ...limitOption, ...jsonOption, ...administrationOptions },
  async run(context) {
    const limit = readLimit(context.values.limit);
    const users = await administer(context, (administration) => administration.users.list({ limit: limit + 1 }));
    printList(context, users, columns, limit);
    return 0;
  },
});

const columns: Columns<UserView> = {
  USERNAME: ({ username }) => username,
  ID: ({ id }) => id,
  ROLES: ({ roles }) => roles.join(' '),
  ADDED: ({ createdAt }) => formatTime(createdAt),
  STATE: ({ disabled }) => (disabled ? 'disabled' : 'enabled'),
};
