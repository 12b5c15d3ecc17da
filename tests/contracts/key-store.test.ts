import type { StoredKey } from '../../src/stores/key-store.ts';
import { describeStores, now } from './describe-stores.ts';

const key = (id: string, algorithm: StoredKey['algorithm'] = 'RS256', activeFrom = now): StoredKey => ({
  id,
  algorithm,
  privateKey: `-----BEGIN PRIVATE KEY-----\n${id}\n-----END PRIVATE KEY-----\n`,
  createdAt: now,
  activeFrom,
  removedFrom: undefined,
});

describeStores('the key store', (stores) => {
  const ids = async () => (await stores().keys.list()).map(({ id }) => id);
  const removals = async () =>
    Object.fromEntries((await stores().keys.list()).map(({ id, removedFrom }) => [id, removedFrom]));

  test('is empty at first', async () => {
    expect(await stores().keys.list()).toEqual([]);
    expect(await stores().keys.listSecrets()).toEqual([]);
  });

  test('keeps the first key of an algorithm and gives it back unchanged', async () => {
    const first = key('first');
    expect(await stores().keys.createFirst(first)).toEqual(first);
    expect(await stores().keys.list()).toEqual([first]);
  });

  test('answers with the first key when there is one, and does not keep the candidate', async () => {
    const first = key('first');
    await stores().keys.createFirst(first);
    expect(await stores().keys.createFirst(key('second'))).toEqual(first);
    expect(await stores().keys.list()).toEqual([first]);
  });

  test('answers with the key that goes on when another one is about to end', async () => {
    await stores().keys.createFirst(key('old'));
    await stores().keys.rotate(key('new', 'RS256', now + 600), now + 1_560, now);
    expect(await stores().keys.createFirst(key('third'))).toMatchObject({ id: 'new' });
    expect(await ids()).toEqual(['old', 'new']);
  });

  test('keeps a first key for each algorithm, in the order in which they begin to sign', async () => {
    await stores().keys.createFirst(key('rsa', 'RS256', now + 1));
    await stores().keys.createFirst(key('ec', 'ES256', now));
    expect(await ids()).toEqual(['ec', 'rsa']);
  });

  test('makes fifty that start at once agree on one key', async () => {
    const candidates = Array.from({ length: 50 }, (_, n) => key(`key-${n}`));
    const chosen = await Promise.all(candidates.map((candidate) => stores().keys.createFirst(candidate)));
    expect(new Set(chosen.map(({ id }) => id)).size).toBe(1);
    expect(await stores().keys.list()).toEqual([chosen[0]]);
  });

  test('rotates: the new key takes over, those before are removed later', async () => {
    const { keys } = stores();
    await keys.createFirst(key('a'));
    await keys.createFirst(key('ec', 'ES256'));
    expect(await keys.rotate(key('b', 'RS256', now + 600), now + 1_560, now)).toBe(true);
    expect(await removals()).toEqual({ a: now + 1_560, b: undefined, ec: undefined });
    expect(await keys.rotate(key('c', 'RS256', now + 1_200), now + 2_160, now + 600)).toBe(true);
    expect(await removals()).toEqual({ a: now + 1_560, b: now + 2_160, c: undefined, ec: undefined });
  });

  test('does not rotate while a key waits to take over', async () => {
    const { keys } = stores();
    await keys.createFirst(key('a'));
    await keys.rotate(key('b', 'RS256', now + 600), now + 1_560, now);
    expect(await keys.rotate(key('c', 'RS256', now + 700), now + 1_660, now + 599)).toBe(false);
    expect(await removals()).toEqual({ a: now + 1_560, b: undefined });
    expect(await keys.rotate(key('ec', 'ES256', now + 600), now + 1_560, now)).toBe(true);
  });

  test('rotates once when fifty try at once', async () => {
    const { keys } = stores();
    await keys.createFirst(key('a'));
    const rotated = await Promise.all(
      Array.from({ length: 50 }, (_, n) => keys.rotate(key(`key-${n}`, 'RS256', now + 600), now + 1_560, now)),
    );
    expect(rotated.filter(Boolean)).toHaveLength(1);
    expect(await ids()).toHaveLength(2);
  });

  test('drops the key that signs, whose place the replacement takes', async () => {
    const { keys } = stores();
    await keys.createFirst(key('retiring', 'RS256', now - 600));
    await keys.rotate(key('signing', 'RS256', now - 300), now + 600, now - 500);
    expect(await keys.drop('signing', key('replacement'))).toBe(true);
    expect(await removals()).toEqual({ retiring: now + 600, replacement: undefined });
  });

  test('lets the key that waits take over from the replacement', async () => {
    const { keys } = stores();
    await keys.createFirst(key('signing', 'RS256', now - 600));
    await keys.rotate(key('next', 'RS256', now + 300), now + 1_260, now);
    expect(await keys.drop('signing', key('replacement'))).toBe(true);
    expect(await removals()).toEqual({ replacement: now + 1_260, next: undefined });
  });

  test('lets the key that signs go on when the one that waited is dropped', async () => {
    const { keys } = stores();
    await keys.createFirst(key('signing', 'RS256', now - 600));
    await keys.rotate(key('next', 'RS256', now + 300), now + 1_260, now);
    expect(await keys.drop('next', key('replacement'))).toBe(true);
    expect(await removals()).toEqual({ signing: undefined });
  });

  test('drops a key that signs no more, and needs no replacement', async () => {
    const { keys } = stores();
    await keys.createFirst(key('retiring', 'RS256', now - 600));
    await keys.rotate(key('signing', 'RS256', now - 300), now + 600, now - 500);
    await keys.createFirst(key('ec', 'ES256', now - 600));
    expect(await keys.drop('retiring', key('replacement'))).toBe(true);
    expect(await removals()).toEqual({ signing: undefined, ec: undefined });
    expect(await keys.drop('ec', key('replacement'))).toBe(true);
    expect(await removals()).toEqual({ signing: undefined });
  });

  test('keeps nothing when there is no key to drop', async () => {
    expect(await stores().keys.drop('unknown', key('replacement'))).toBe(false);
    expect(await ids()).toEqual([]);
  });

  test('forgets keys once they are removed', async () => {
    const { keys } = stores();
    await keys.createFirst(key('a'));
    await keys.rotate(key('b'), now + 960, now);
    await keys.forgetRemoved(now + 959.9);
    expect(await ids()).toEqual(['a', 'b']);
    await keys.forgetRemoved(now + 960);
    expect(await ids()).toEqual(['b']);
  });

  test('keeps the first secret of a name', async () => {
    const { keys } = stores();
    const secret = { name: 'opaque-tokens', value: 'a' };
    const answers = await Promise.all([
      keys.createFirstSecret(secret),
      keys.createFirstSecret({ ...secret, value: 'b' }),
      keys.createFirstSecret({ name: 'other', value: 'c' }),
    ]);
    expect(answers).toEqual([secret, secret, { name: 'other', value: 'c' }]);
    expect(await keys.listSecrets()).toEqual([secret, { name: 'other', value: 'c' }]);
  });

  test('seals what there is, and nothing else', async () => {
    const { keys } = stores();
    await keys.createFirst(key('a'));
    await keys.createFirst(key('b', 'ES256'));
    await keys.createFirstSecret({ name: 'one', value: 'plain' });
    await keys.createFirstSecret({ name: 'two', value: 'plain' });
    await keys.reseal(
      [
        { id: 'a', privateKey: 'sealed' },
        { id: 'dropped meanwhile', privateKey: 'sealed' },
      ],
      [
        { name: 'two', value: 'sealed' },
        { name: 'unknown', value: 'sealed' },
      ],
    );
    expect(await keys.list()).toEqual([{ ...key('a'), privateKey: 'sealed' }, key('b', 'ES256')]);
    expect(await keys.listSecrets()).toEqual([
      { name: 'one', value: 'plain' },
      { name: 'two', value: 'sealed' },
    ]);
  });

  test('can be closed twice', async () => {
    await stores().close();
    await stores().close();
  });
});
