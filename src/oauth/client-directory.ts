import type { Client } from '../model/client.ts';

/** Where clients are looked up. */
export interface ClientDirectory {
  /** The client of exactly this id, or undefined. Rejects with a StoreError when it cannot tell. */
  find(id: string): Promise<Client | undefined>;
}
