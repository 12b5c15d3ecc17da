import { openMemoryStores } from './memory/memory-stores.ts';
import { openSqliteStores } from './sqlite/sqlite-stores.ts';
import type { Stores } from './stores.ts';

/** Which implementation, and what it needs. */
export type StoreOptions =
  | { readonly use: 'memory' }
  | { readonly use: 'sqlite'; readonly with: { readonly file: string } };

/**
 * Opens the stores that the configuration chooses.
 *
 * @throws StoreError when the database cannot be used, with one message that says why and what to do.
 */
export async function openStores(options: StoreOptions): Promise<Stores> {
  switch (options.use) {
    case 'memory':
      return openMemoryStores();
    case 'sqlite':
      return openSqliteStores(options.with);
  }
}
