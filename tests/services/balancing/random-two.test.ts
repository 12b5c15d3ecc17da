import { randomTwo } from '../../../src/services/balancing/random-two.ts';
import { InstanceState } from '../../../src/services/instance-state.ts';

const instances = (weights: readonly number[]): InstanceState[] =>
  weights.map((weight, index) => new InstanceState({ id: `i${index}`, origin: '', weight }));

/** A balancer that draws these numbers. */
const drawing = (...numbers: number[]) => randomTwo.create(() => numbers.shift()!);

test('of two that it draws, the less busy one', () => {
  const all = instances([1, 1, 1]) as [InstanceState, InstanceState, InstanceState];
  all[0].inFlight = 3;
  all[1].inFlight = 2;
  expect(drawing(0, 0).choose(all)).toBe(all[1]);
  expect(drawing(0, 0.99).choose(all)).toBe(all[2]);
  expect(drawing(0.34, 0.99).choose(all)).toBe(all[1]);
});

test('never the same one twice, so the busiest of all is never chosen', () => {
  const all = instances([1, 1, 1]);
  all[1]!.inFlight = 5;
  const balancer = randomTwo.create(Math.random);
  for (let i = 0; i < 500; i += 1) expect(balancer.choose(all)).not.toBe(all[1]);
});

test('busy is relative to the weight', () => {
  const all = instances([1, 3]) as [InstanceState, InstanceState];
  all[0].inFlight = 1;
  all[1].inFlight = 4;
  expect(drawing(0, 0).choose(all)).toBe(all[1]);
});

test('one candidate needs no drawing', () => {
  const [only] = instances([1]) as [InstanceState];
  expect(drawing().choose([only])).toBe(only);
});
