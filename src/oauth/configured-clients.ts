import type { Client } from '../model/client.ts';
import type { ClientDirectory } from './client-directory.ts';

/** The clients that the configuration names. */
export function createConfiguredClients(clients: readonly Client[]): ClientDirectory {
  const byId = new Map(clients.map((client) => [client.id, client]));
  return { find: async (id) => byId.get(id) };
}
