import { createClientDirectory, refuseTakenIds } from '../../src/oauth/client-directory.ts';
import type { StoredClient } from '../../src/stores/client-store.ts';
import { createMemoryClientStore } from '../../src/stores/memory/memory-client-store.ts';
import { StoreError } from '../../src/stores/store-error.ts';
import { makeClient } from './make-client.ts';

const storedClient = (id: string, further: Partial<StoredClient> = {}): StoredClient => {
  const { secretHashes: _, ...client } = makeClient(id);
  return { ...client, secrets: [], disabled: false, createdAt: 0, ...further };
};

describe('the client directory', () => {
  test('finds the clients of the configuration without asking the store', async () => {
    const client = makeClient('app');
    const ask = () => Promise.reject(new StoreError('The store is asked.'));
    const directory = createClientDirectory({
      configured: [client],
      store: { find: ask, hasOrigin: ask },
      clock: () => 0,
    });
    expect(await directory.find('app')).toBe(client);
    expect(directory.configured).toEqual([client]);
    await expect(directory.find('other')).rejects.toThrow(StoreError);
  });

  test('finds those of the store with the secrets that are alive, and none that is disabled', async () => {
    const store = createMemoryClientStore();
    const secrets = [
      { hash: 'sha256:old', createdAt: 0, expiresAt: 100 },
      { hash: 'sha256:new', createdAt: 50, expiresAt: undefined },
    ];
    await store.add(storedClient('app', { secrets }));
    let now = 99;
    const directory = createClientDirectory({ configured: [], store, clock: () => now });
    expect(await directory.find('app')).toEqual(makeClient('app', { secretHashes: ['sha256:old', 'sha256:new'] }));
    now = 100;
    expect((await directory.find('app'))?.secretHashes).toEqual(['sha256:new']);
    await store.setDisabled('app', true);
    expect(await directory.find('app')).toBeUndefined();
  });

  test('knows which ids are taken, by clients that may not be used too', async () => {
    const store = createMemoryClientStore();
    await store.add(storedClient('off', { disabled: true }));
    const directory = createClientDirectory({ configured: [makeClient('app')], store, clock: () => 0 });
    const taken = await Promise.all(['app', 'off', 'other', '__proto__'].map(directory.isTaken));
    expect(taken).toEqual([true, true, false, false]);
  });

  test.each(['', '__proto__', 'constructor', 'APP', 'app '])('does not find %p', async (id) => {
    const configured = [makeClient('app')];
    const directory = createClientDirectory({ configured, store: createMemoryClientStore(), clock: () => 0 });
    expect(await directory.find(id)).toBeUndefined();
  });

  test('refuses ids that the configuration and the store both have, by name', async () => {
    const store = createMemoryClientStore();
    await store.add(storedClient('a'));
    await store.add(storedClient('b', { disabled: true }));
    await refuseTakenIds([makeClient('c')], store);
    const configured = ['a', 'b', 'c'].map((id) => makeClient(id));
    await expect(refuseTakenIds(configured.slice(1), store)).rejects.toThrow(
      new StoreError(
        'The client "b" of oauth.clients is in the store already, added by "garita client add": ' +
          'call it otherwise in the configuration, or take it out of it.',
      ),
    );
    await expect(refuseTakenIds(configured, store)).rejects.toThrow(/^The clients "a", "b" of oauth.clients are /);
  });
});
