import fc from 'fast-check';
import { balancers } from '../../src/services/balancing/index.ts';
import { InstanceState } from '../../src/services/instance-state.ts';

const instances = (weights: readonly number[]): InstanceState[] =>
  weights.map((weight, index) => new InstanceState({ id: `i${index}:1`, origin: `http://i${index}:1`, weight }));

/** A sequence of numbers in [0, 1) that is the same in every run. */
function createRandom(): () => number {
  let state = 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

describe.each(balancers)('$name', ({ create }) => {
  test('chooses one of the candidates, whoever they are this time', () => {
    const all = instances([1, 2, 3, 4]);
    fc.assert(
      fc.property(fc.array(fc.subarray(all, { minLength: 1 }), { minLength: 1 }), (rounds) => {
        const balancer = create(createRandom());
        for (const candidates of rounds) expect(candidates).toContain(balancer.choose(candidates));
      }),
    );
  });

  test('gives each its share by weight when all are idle', () => {
    const all = instances([1, 1, 2]);
    const balancer = create(createRandom());
    const counts = new Map<InstanceState, number>();
    for (let i = 0; i < 4000; i += 1) {
      const chosen = balancer.choose(all);
      counts.set(chosen, (counts.get(chosen) ?? 0) + 1);
    }
    for (const state of all) expect(counts.get(state)).toBeGreaterThan(400);
    expect(counts.get(all[2]!)).toBeGreaterThan(1.5 * Math.max(counts.get(all[0]!)!, counts.get(all[1]!)!));
  });

  test('does not change its candidates', () => {
    const all = instances([1, 1]);
    Object.freeze(all);
    create(createRandom()).choose(all);
    expect(all.map(({ inFlight }) => inFlight)).toEqual([0, 0]);
  });
});
