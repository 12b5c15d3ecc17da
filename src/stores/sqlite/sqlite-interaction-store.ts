import type { InteractionStore } from '../interaction-store.ts';
import type { Connection } from './connection.ts';

/** Interactions in the database. */
export function createSqliteInteractionStore(connection: Connection): InteractionStore {
  return {
    create: (interaction, keep, now) => connection.call('interactions.create', interaction, keep, now),
    find: (id, browser, now) => connection.call('interactions.find', id, browser, now),
    take: (id, browser, now) => connection.call('interactions.take', id, browser, now),
  };
}
