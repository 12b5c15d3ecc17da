import { by, createAdministered, refusalOf } from './administered.ts';

test('a new key is published and audited; a second one has to wait', async () => {
  const { administration, keys, events } = await createAdministered();
  const [first] = await administration.keys.list();
  const next = await administration.keys.rotate(by);
  expect(next).toMatchObject({ state: 'next', algorithm: 'ES256' });
  expect((await administration.keys.list()).map(({ id, state }) => [id, state])).toEqual([
    [first!.id, 'active'],
    [next.id, 'next'],
  ]);
  expect(keys.publicJwks().keys).toHaveLength(2);
  expect(JSON.stringify(await administration.keys.list())).not.toMatch(/private|PRIVATE/);
  expect(await refusalOf(administration.keys.rotate(by))).toMatchObject({
    problem: 'conflict',
    message: expect.stringContaining('waiting to take over'),
  });
  expect(await events()).toEqual([
    {
      type: 'key.rotated',
      actor: 'ada',
      address: '192.0.2.7',
      detail: `${next.id} signs from ${new Date(next.activeFrom * 1_000).toISOString()}`,
    },
  ]);
});

test('a key that is dropped is gone at once', async () => {
  const { administration, keys, events } = await createAdministered();
  const [first] = await administration.keys.list();
  await administration.keys.drop(first!.id, by);
  expect(keys.find(first!.id)).toBeUndefined();
  expect(keys.current().id).not.toBe(first!.id);
  expect(await events()).toEqual([{ type: 'key.dropped', actor: 'ada', address: '192.0.2.7', detail: first!.id }]);
  expect(await refusalOf(administration.keys.drop(first!.id, by))).toMatchObject({ problem: 'not-found' });
});
