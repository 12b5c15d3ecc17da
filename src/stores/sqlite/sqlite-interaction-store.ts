import type { InteractionStore } from '../interaction-store.ts';
import type { Connection } from './connection.ts';

/** Interactions in the database. */
export function createSqliteInteractionStore(connection: Connection): InteractionStore {
  return {
    create: (interaction, now) => connection.call('interactions.create', interaction, now),
    find: (id, browser, now) => connection.call('interactions.find', id, browser, now),
    take: (id, browser, now) => connection.call('interactions.take', id, browser, now),
  };
}
