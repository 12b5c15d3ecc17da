import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStores, type StoreOptions } from '../../src/stores/open-stores.ts';
import type { Stores } from '../../src/stores/stores.ts';

const implementations: Record<StoreOptions['use'], (folder: string) => StoreOptions> = {
  memory: () => ({ use: 'memory' }),
  sqlite: (folder) => ({ use: 'sqlite', with: { file: join(folder, 'garita.db') } }),
};

/** Runs a suite over every implementation. `stores` gives those of the running test, which begin empty. */
export function describeStores(what: string, suite: (stores: () => Stores) => void): void {
  describe.each(Object.entries(implementations))(`${what} in %s`, (_name, choose) => {
    let folder: string;
    let opened: Stores;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'garita-stores-'));
      opened = await openStores(choose(folder));
    });

    afterEach(async () => {
      await opened.close();
      await rm(folder, { recursive: true });
    });

    suite(() => opened);
  });
}

/** The time in most of these suites, in seconds since the epoch; as clocks are, not a whole number. */
export const now = 1_700_000_000.25;
