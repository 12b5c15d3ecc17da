import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredKey } from '../../src/stores/key-store.ts';
import { openStores, type StoreOptions } from '../../src/stores/open-stores.ts';
import type { Stores } from '../../src/stores/stores.ts';

const implementations: Record<StoreOptions['use'], (folder: string) => StoreOptions> = {
  memory: () => ({ use: 'memory' }),
  sqlite: (folder) => ({ use: 'sqlite', with: { file: join(folder, 'garita.db') } }),
};

const key = (id: string, algorithm: StoredKey['algorithm'], createdAt = 1_700_000_000): StoredKey => ({
  id,
  algorithm,
  privateKey: `-----BEGIN PRIVATE KEY-----\n${id}\n-----END PRIVATE KEY-----\n`,
  createdAt,
});

describe.each(Object.entries(implementations))('the key store in %s', (_name, choose) => {
  let folder: string;
  let stores: Stores;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'garita-keys-'));
    stores = await openStores(choose(folder));
  });

  afterEach(async () => {
    await stores.close();
    await rm(folder, { recursive: true });
  });

  test('is empty at first', async () => {
    expect(await stores.keys.list()).toEqual([]);
  });

  test('keeps the first key of an algorithm and gives it back unchanged', async () => {
    const first = key('first', 'RS256');
    expect(await stores.keys.createFirst(first)).toEqual(first);
    expect(await stores.keys.list()).toEqual([first]);
  });

  test('answers with the first key when there is one, and does not keep the candidate', async () => {
    const first = key('first', 'RS256');
    await stores.keys.createFirst(first);
    expect(await stores.keys.createFirst(key('second', 'RS256'))).toEqual(first);
    expect(await stores.keys.list()).toEqual([first]);
  });

  test('keeps a first key for each algorithm, in the order of their making', async () => {
    const rsa = key('rsa', 'RS256', 1);
    const ec = key('ec', 'ES256', 2);
    await stores.keys.createFirst(rsa);
    expect(await stores.keys.createFirst(ec)).toEqual(ec);
    expect(await stores.keys.list()).toEqual([rsa, ec]);
  });

  test('makes fifty that start at once agree on one key', async () => {
    const candidates = Array.from({ length: 50 }, (_, n) => key(`key-${n}`, 'RS256'));
    const chosen = await Promise.all(candidates.map((candidate) => stores.keys.createFirst(candidate)));
    expect(new Set(chosen.map(({ id }) => id)).size).toBe(1);
    expect(await stores.keys.list()).toEqual([chosen[0]]);
  });

  test('can be closed twice', async () => {
    await stores.close();
    await stores.close();
  });
});
