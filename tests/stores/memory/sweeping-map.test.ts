import { SweepingMap } from '../../../src/stores/memory/sweeping-map.ts';

describe('a sweeping map', () => {
  test('never has more than twice what was alive, or a thousand', () => {
    const map = new SweepingMap<number>((until) => until);
    let largest = 0;
    for (let now = 0; now < 20_000; now++) {
      map.keep(String(now), now + 2_000, now);
      largest = Math.max(largest, map.size);
    }
    expect(largest).toBeLessThanOrEqual(4_000);
    expect(largest).toBeGreaterThan(2_000);
  });

  test('forgets nothing that is alive, and sweeps seldom', () => {
    let asked = 0;
    const map = new SweepingMap<number>((until) => {
      asked += 1;
      return until;
    });
    for (let n = 0; n < 100_000; n++) map.keep(String(n), 2, 1);
    expect(map.size).toBe(100_000);
    expect(asked).toBeLessThan(200_000);
  });

  test('forgets what is over when there is too much', () => {
    const map = new SweepingMap<number>((until) => until);
    for (let n = 0; n < 1_000; n++) map.keep(String(n), n < 990 ? 10 : 11, 1);
    map.keep('last', 20, 10);
    expect([...map.values()]).toEqual([...Array(10).fill(11), 20]);
  });
});
