import { type ClientStore, rotateSecrets, type StoredClient } from '../client-store.ts';

/** Clients that end with the process. */
export function createMemoryClientStore(): ClientStore {
  const clients = new Map<string, StoredClient>();

  const change = (id: string, changeOf: (client: StoredClient) => Partial<StoredClient>): StoredClient | undefined => {
    const client = clients.get(id);
    if (client === undefined) return undefined;
    const changed = { ...client, ...changeOf(client) };
    clients.set(id, changed);
    return changed;
  };

  return {
    async add(client) {
      if (clients.has(client.id)) return false;
      clients.set(client.id, client);
      return true;
    },
    async find(id) {
      return clients.get(id);
    },
    async list() {
      return [...clients.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async rotateSecret(id, hash, overlapUntil, now) {
      return change(id, ({ secrets }) => ({ secrets: rotateSecrets(secrets, hash, overlapUntil, now) }));
    },
    async setDisabled(id, disabled) {
      return change(id, () => ({ disabled }));
    },
    async hasOrigin(origin) {
      return clients.values().some(({ disabled, origins }) => !disabled && origins.includes(origin));
    },
  };
}
