import type { GrantView } from '../../oauth/administration/administration.ts';
import { administer } from '../administer.ts';
import { administrationOptions, jsonOption, limitOption } from '../administration-options.ts';
import { defineCommand } from '../command.ts';
import { pickGiven } from '../pick-given.ts';
import { printList } from '../print-list.ts';
import { readLimit } from '../read-limit.ts';
import type { Columns } from '../table.ts';
import { formatDistance, formatTime } from '../times.ts';

/** `garita grant list`: what users gave to clients, and is not over. */
export const grantListCommand = defineCommand({
  name: 'grant list',
  summary: 'Lists what users allowed to clients, the newest first',
  usage: 'grant list [--subject id] [--client id] [--limit n] [--json]',
  options: {
    subject: { value: 'id', description: 'Of this user only: sub of tokens' },
    client: { value: 'id', description: 'To this client only' },
    ...limitOption,
    ...jsonOption,
    ...administrationOptions,
  },
  async run(context) {
    const { values, now } = context;
    const limit = readLimit(values.limit);
    const filter = pickGiven({ subject: values.subject, clientId: values.client });
    const grants = await administer(context, (administration) =>
      administration.grants.list(filter, { limit: limit + 1 }),
    );
    printList(context, grants, columnsAt(now() / 1_000), limit);
    return 0;
  },
});

const columnsAt = (now: number): Columns<GrantView> => ({
  GRANT: ({ id }) => id,
  USER: ({ subject }) => subject,
  CLIENT: ({ clientId }) => clientId,
  SCOPES: ({ scopes }) => scopes.join(' '),
  GIVEN: ({ createdAt }) => formatTime(createdAt),
  ENDS: ({ expiresAt }) => formatDistance(expiresAt, now),
});
