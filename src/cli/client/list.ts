import type { ClientView } from '../../oauth/administration/administration.ts';
import { administer } from '../administer.ts';
import { administrationOptions, jsonOption } from '../administration-options.ts';
import { defineCommand } from '../command.ts';
import { printList } from '../print-list.ts';
import type { Columns } from '../table.ts';
import { formatDistance } from '../times.ts';

/** `garita client list`: every client, of the configuration and of the store. */
export const clientListCommand = defineCommand({
  name: 'client list',
  summary: 'Lists the clients of the configuration and of the store',
  usage: 'client list [--json]',
  options: { ...jsonOption, ...administrationOptions },
  async run(context) {
    const clients = await administer(context, (administration) => administration.clients.list());
    printList(context, clients, columnsAt(context.now() / 1_000));
    return 0;
  },
});

const columnsAt = (now: number): Columns<ClientView> => ({
  CLIENT: ({ id }) => id,
  TYPE: ({ type }) => type,
  GRANTS: ({ grants }) => grants.join(' '),
  SCOPES: ({ scopes }) => scopes.join(' '),
  FROM: ({ from }) => from,
  STATE: ({ disabled }) => (disabled ? 'disabled' : 'enabled'),
  'SECRET BEFORE': ({ secrets }) => {
    const ending = secrets.find(({ expiresAt }) => expiresAt !== undefined)?.expiresAt;
    return ending === undefined ? '' : `ends ${formatDistance(ending, now)}`;
  },
});
