import type { StoredInteraction } from '../../src/stores/interaction-store.ts';
import { describeStores, now } from './describe-stores.ts';

const interaction: StoredInteraction = {
  id: 'i1',
  browser: 'b1',
  request: { client_id: 'storefront', state: '"\u0000é😀', ['__proto__']: 'x' },
  expiresAt: now + 900,
};

describeStores('the interaction store', (stores) => {
  test('gives an interaction back to the browser that began it, until it is over', async () => {
    const { interactions } = stores();
    await interactions.create(interaction, 10, now);
    expect(await interactions.find('i1', 'b1', now + 899.9)).toEqual(interaction);
    expect(await interactions.find('i1', 'b1', now + 900)).toBeUndefined();
    expect(await interactions.find('i1', 'b2', now)).toBeUndefined();
    expect(await interactions.find('i2', 'b1', now)).toBeUndefined();
  });

  test('is forgotten, the oldest first, when there are too many', async () => {
    const { interactions } = stores();
    const begin = (id: string) => interactions.create({ ...interaction, id }, 3, now);
    const present = async (ids: readonly string[]) => {
      const found = await Promise.all(ids.map((id) => interactions.find(id, 'b1', now)));
      return found.flatMap((one) => one?.id ?? []);
    };
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const id of ids.slice(0, 5)) await begin(id);
    expect(await present(ids)).toEqual(['c', 'd', 'e']);
    await interactions.take('e', 'b1', now);
    await begin('f');
    expect(await present(ids)).toEqual(['c', 'd', 'f']);
  });

  test('is taken by the browser that began it only', async () => {
    const { interactions } = stores();
    await interactions.create(interaction, 10, now);
    expect(await interactions.take('i1', 'b2', now)).toBeUndefined();
    expect(await interactions.take('i1', 'b1', now + 900)).toBeUndefined();
    expect(await interactions.take('i1', 'b1', now)).toEqual(interaction);
    expect(await interactions.find('i1', 'b1', now)).toBeUndefined();
  });

  test('is taken by one of fifty at once', async () => {
    const { interactions } = stores();
    await interactions.create(interaction, 10, now);
    const taken = await Promise.all(Array.from({ length: 50 }, () => interactions.take('i1', 'b1', now)));
    expect(taken.filter((found) => found !== undefined)).toEqual([interaction]);
  });
});
