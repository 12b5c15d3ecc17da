import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { openStores, type StoreOptions } from '../../src/stores/open-stores.ts';
import { nextPosition } from '../../src/stores/revocation-store.ts';
import type { Stores } from '../../src/stores/stores.ts';

const implementations: Record<StoreOptions['use'], (folder: string) => StoreOptions> = {
  memory: () => ({ use: 'memory' }),
  sqlite: (folder) => ({ use: 'sqlite', with: { file: join(folder, 'garita.db') } }),
};

const now = 1_700_000_000;

describe.each(Object.entries(implementations))('the revocation store in %s', (_name, choose) => {
  let folder: string;
  let stores: Stores;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'garita-revocations-'));
    stores = await openStores(choose(folder));
  });

  afterEach(async () => {
    await stores.close();
    await rm(folder, { recursive: true });
  });

  const revokeToken = (id: string, until = now + 60, at = now) =>
    stores.revocations.append({ level: 'token', id }, until, at);

  test('is empty at first', async () => {
    expect(await stores.revocations.live(0)).toEqual([]);
  });

  test('keeps each level, and gives it back unchanged and in order', async () => {
    const { revocations } = stores;
    const kept = [
      await revocations.append({ level: 'token', id: "'; DROP TABLE x; --" }, now + 10, now),
      await revocations.append({ level: 'everything' }, now + 20, now),
      await revocations.append({ level: 'client', id: 'storefront' }, now + 30, now),
    ];
    expect(kept).toEqual([
      { level: 'token', id: "'; DROP TABLE x; --", until: now + 10, position: now * 1_000 },
      { level: 'everything', until: now + 20, position: now * 1_000 + 1 },
      { level: 'client', id: 'storefront', until: now + 30, position: now * 1_000 + 2 },
    ]);
    expect(await revocations.live(now)).toEqual(kept);
  });

  test('keeps one until it is over, and no longer', async () => {
    await revokeToken('a', now + 10);
    await revokeToken('b', now + 20);
    const idsAt = async (time: number) =>
      (await stores.revocations.live(time)).map((revocation) => 'id' in revocation && revocation.id);
    expect(await idsAt(now + 9.999)).toEqual(['a', 'b']);
    expect(await idsAt(now + 10)).toEqual(['b']);
    await revokeToken('c', now + 70, now + 15);
    expect(await idsAt(now)).toEqual(['b', 'c']);
  });

  test('gives fifty at once fifty positions, and keeps all', async () => {
    const kept = await Promise.all(Array.from({ length: 50 }, (_, n) => revokeToken(`token-${n}`)));
    expect(new Set(kept.map(({ position }) => position)).size).toBe(50);
    expect(await stores.revocations.live(now)).toHaveLength(50);
  });

  test.each([
    ['the clock stands still', now],
    ['the clock goes back', now - 3_600],
  ])('gives a higher position when all before are forgotten and %s', async (_when, later) => {
    const before = await revokeToken('a', later - 1);
    const next = await revokeToken('b', now + 60, later);
    expect((await stores.revocations.live(0)).length).toBe(1);
    expect(next.position).toBeGreaterThan(before.position);
  });
});

test('a position is above the last one and not before its time', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 45 }), fc.double({ min: 0, max: 2 ** 35, noNaN: true }), (last, time) => {
      const next = nextPosition(last, time);
      expect(Number.isSafeInteger(next)).toBe(true);
      expect(next).toBeGreaterThan(last);
      expect(next).toBeGreaterThanOrEqual(Math.floor(time * 1_000));
    }),
  );
});
