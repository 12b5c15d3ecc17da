import fc from 'fast-check';
import { nextPosition } from '../../src/stores/revocation-store.ts';
import { describeStores } from './describe-stores.ts';

const now = 1_700_000_000;

describeStores('the revocation store', (stores) => {
  const revokeToken = (id: string, until = now + 60, at = now) =>
    stores().revocations.append({ level: 'token', id }, until, at);

  test('is empty at first', async () => {
    expect(await stores().revocations.live(0)).toEqual([]);
  });

  test('keeps each level, and gives it back unchanged and in order', async () => {
    const { revocations } = stores();
    const kept = [
      await revocations.append({ level: 'token', id: "'; DROP TABLE x; --" }, now + 10, now),
      await revocations.append({ level: 'everything' }, now + 20, now),
      await revocations.append({ level: 'client', id: 'storefront' }, now + 30, now),
      await revocations.append({ level: 'grant', id: 'storefront' }, now + 40, now),
      await revocations.append({ level: 'user', id: 'storefront' }, now + 50, now),
    ];
    expect(kept).toEqual([
      { level: 'token', id: "'; DROP TABLE x; --", until: now + 10, position: now * 1_000 },
      { level: 'everything', until: now + 20, position: now * 1_000 + 1 },
      { level: 'client', id: 'storefront', until: now + 30, position: now * 1_000 + 2 },
      { level: 'grant', id: 'storefront', until: now + 40, position: now * 1_000 + 3 },
      { level: 'user', id: 'storefront', until: now + 50, position: now * 1_000 + 4 },
    ]);
    expect(await revocations.live(now)).toEqual(kept);
  });

  test('keeps one until it is over, and no longer', async () => {
    await revokeToken('a', now + 10);
    await revokeToken('b', now + 20);
    const idsAt = async (time: number) =>
      (await stores().revocations.live(time)).map((revocation) => 'id' in revocation && revocation.id);
    expect(await idsAt(now + 9.999)).toEqual(['a', 'b']);
    expect(await idsAt(now + 10)).toEqual(['b']);
    await revokeToken('c', now + 70, now + 15);
    expect(await idsAt(now)).toEqual(['b', 'c']);
  });

  test('gives fifty at once fifty positions, and keeps all', async () => {
    const kept = await Promise.all(Array.from({ length: 50 }, (_, n) => revokeToken(`token-${n}`)));
    expect(new Set(kept.map(({ position }) => position)).size).toBe(50);
    expect(await stores().revocations.live(now)).toHaveLength(50);
  });

  test.each([
    ['the clock stands still', now],
    ['the clock goes back', now - 3_600],
  ])('gives a higher position when all before are forgotten and %s', async (_when, later) => {
    const before = await revokeToken('a', later - 1);
    const next = await revokeToken('b', now + 60, later);
    expect((await stores().revocations.live(0)).length).toBe(1);
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
