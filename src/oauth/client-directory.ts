import type { Client } from '../model/client.ts';
import type { ClientStore, StoredClient } from '../stores/client-store.ts';
import { StoreError } from '../stores/store-error.ts';

/** Where clients are looked up. Every verb rejects with a StoreError when it cannot tell. */
export interface ClientDirectory {
  /** Those that the configuration names. */
  readonly configured: readonly Client[];
  /** The client of exactly this id; undefined when there is none that may be used. */
  find(id: string): Promise<Client | undefined>;
  /** Is this the id of a client, even if it is one that may not be used now? */
  isTaken(id: string): Promise<boolean>;
  /** Does any client that may be used have scripts from there? */
  allowsOrigin(origin: string): Promise<boolean>;
}

/** What {@link createClientDirectory} needs. */
export interface ClientDirectoryOptions {
  readonly configured: readonly Client[];
  readonly store: Pick<ClientStore, 'find' | 'hasOrigin'>;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
}

/** The clients of the configuration, and those that were added to the store. */
export function createClientDirectory({ configured, store, clock }: ClientDirectoryOptions): ClientDirectory {
  const byId = new Map(configured.map((client) => [client.id, client]));
  const origins = new Set(configured.flatMap((client) => client.origins));
  return {
    configured,
    async find(id) {
      const client = byId.get(id);
      if (client !== undefined) return client;
      const stored = await store.find(id);
      return stored === undefined || stored.disabled ? undefined : toClient(stored, clock());
    },
    isTaken: async (id) => byId.has(id) || (await store.find(id)) !== undefined,
    allowsOrigin: async (origin) => origins.has(origin) || store.hasOrigin(origin),
  };
}

/** With the secrets that are alive. */
function toClient({ secrets, disabled: _, createdAt: __, ...client }: StoredClient, now: number): Client {
  const live = secrets.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
  return { ...client, secretHashes: live.map(({ hash }) => hash) };
}

/**
 * Refuses to begin where the configuration and the store both have a client of the same id: nobody could tell which one
 * is meant. Rejects with a StoreError that names them.
 */
export async function refuseTakenIds(configured: readonly Client[], store: Pick<ClientStore, 'list'>): Promise<void> {
  const stored = new Set((await store.list()).map(({ id }) => id));
  const taken = configured.filter(({ id }) => stored.has(id)).map(({ id }) => `"${id}"`);
  if (taken.length === 0) return;
  const [them, it] = taken.length === 1 ? ['The client', 'it'] : ['The clients', 'them'];
  throw new StoreError(
    `${them} ${taken.join(', ')} of oauth.clients ${taken.length === 1 ? 'is' : 'are'} in the store already, ` +
      `added by "garita client add": call ${it} otherwise in the configuration, or take ${it} out of it.`,
  );
}
