import fc from 'fast-check';
import { roundRobin } from '../../../src/services/balancing/round-robin.ts';
import { InstanceState } from '../../../src/services/instance-state.ts';

const instances = (weights: readonly number[]): InstanceState[] =>
  weights.map((weight, index) => new InstanceState({ id: 'abcdefgh'[index]!, origin: '', weight }));
const orderOf = (candidates: readonly InstanceState[], rounds: number): string => {
  const balancer = roundRobin.create(Math.random);
  return Array.from({ length: rounds }, () => balancer.choose(candidates).instance.id).join('');
};

test('each in turn, and the heavier ones spread out', () => {
  expect(orderOf(instances([1, 1, 1]), 6)).toBe('abcabc');
  expect(orderOf(instances([2, 1, 1]), 8)).toBe('abcaabca');
});

test('every round gives each exactly its weight', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }), (weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const order = orderOf(instances(weights), total * 2);
      for (const round of [order.slice(0, total), order.slice(total)]) {
        expect(weights.map((_, index) => round.split('abcdefgh'[index]!).length - 1)).toEqual(weights);
      }
    }),
  );
});

test('one that was away for a while does not get everything when it is back', () => {
  const [a, b] = instances([1, 1]) as [InstanceState, InstanceState];
  const balancer = roundRobin.create(Math.random);
  for (let i = 0; i < 10; i += 1) expect(balancer.choose([a])).toBe(a);
  const order = Array.from({ length: 4 }, () => balancer.choose([a, b]).instance.id).join('');
  expect(order).toBe('abab');
});
