import { suggest } from '../config/closest.ts';
import type { AuditFilter, AuditType, StoredAuditEvent } from '../stores/audit-store.ts';
import { auditTypes } from '../stores/audit-store.ts';
import { administer } from './administer.ts';
import { administrationOptions, jsonOption, limitOption } from './administration-options.ts';
import { defineCommand, type OptionValues, UsageError } from './command.ts';
import { pickGiven } from './pick-given.ts';
import { printList } from './print-list.ts';
import { readLimit } from './read-limit.ts';
import type { Columns } from './table.ts';
import { formatTime, readTime } from './times.ts';

const filterOptions = {
  type: { value: 'type', description: 'Of this type only, such as user.refused' },
  actor: { value: 'name', description: 'Done by this user, client or operator only' },
  subject: { value: 'id', description: 'About this user only: sub of tokens' },
  client: { value: 'id', description: 'About this client only' },
  since: { value: 'time', description: 'From then on: 2h (ago), or a time such as 2026-11-21T14:05' },
  until: { value: 'time', description: 'Before then, likewise' },
} as const;

/** `garita audit`: who did what. */
export const auditCommand = defineCommand({
  name: 'audit',
  summary: 'Shows who did or tried what, the newest first',
  usage: 'audit [--type type] [--subject id] [--client id] [--since time] [--until time] [options]',
  options: { ...filterOptions, ...limitOption, ...jsonOption, ...administrationOptions },
  async run(context) {
    const { values, now } = context;
    const limit = readLimit(values.limit);
    const filter = readFilter(values, now() / 1_000);
    const events = await administer(context, ({ audit }) => audit.query(filter, { limit: limit + 1 }));
    printList(context, events, columns, limit);
    return 0;
  },
});

function readFilter(values: OptionValues<typeof filterOptions>, now: number): AuditFilter {
  const { type, actor, subject, client: clientId, since, until } = values;
  return pickGiven({
    type: type === undefined ? undefined : readType(type),
    actor,
    subject,
    clientId,
    since: since === undefined ? undefined : readTime('--since', since, now),
    until: until === undefined ? undefined : readTime('--until', until, now),
  });
}

function readType(written: string): AuditType {
  const found = auditTypes.find((type) => type === written);
  if (found !== undefined) return found;
  const known = suggest(written, auditTypes) || `: there are ${auditTypes.join(', ')}`;
  throw new UsageError(`--type: there is no type "${written}"${known}`);
}

const columns: Columns<StoredAuditEvent> = {
  TIME: ({ at }) => formatTime(at),
  EVENT: ({ type }) => type,
  BY: ({ actor = '' }) => actor,
  USER: ({ subject = '' }) => subject,
  CLIENT: ({ clientId = '' }) => clientId,
  ADDRESS: ({ address = '' }) => address,
  DETAIL: ({ detail = '' }) => detail,
};
