import type { KeyDescription } from '../../tokens/key-ring.ts';
import { administer } from '../administer.ts';
import { administrationOptions, jsonOption } from '../administration-options.ts';
import { defineCommand } from '../command.ts';
import { printList } from '../print-list.ts';
import type { Columns } from '../table.ts';
import { formatDistance, formatTime } from '../times.ts';

/** `garita key list`: the keys that sign tokens, did, or are about to. */
export const keyListCommand = defineCommand({
  name: 'key list',
  summary: 'Lists the keys that sign tokens',
  usage: 'key list [--json]',
  options: { ...jsonOption, ...administrationOptions },
  async run(context) {
    const keys = await administer(context, (administration) => administration.keys.list());
    printList(context, keys, columnsAt(context.now() / 1_000));
    return 0;
  },
});

const columnsAt = (now: number): Columns<KeyDescription> => ({
  KEY: ({ id }) => id,
  ALGORITHM: ({ algorithm }) => algorithm,
  STATE: ({ state }) => state,
  MADE: ({ createdAt }) => formatTime(createdAt),
  'SIGNS FROM': ({ activeFrom }) => formatDistance(activeFrom, now),
  REMOVED: ({ removedFrom }) => (removedFrom === undefined ? '' : formatDistance(removedFrom, now)),
});
