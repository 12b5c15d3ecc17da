import type { Instance } from '../../src/model/instance.ts';
import { roundRobin } from '../../src/services/balancing/round-robin.ts';
import { InstanceRegistry } from '../../src/services/instance-registry.ts';
import { InstanceState } from '../../src/services/instance-state.ts';
import { Pool } from '../../src/services/pool.ts';

const instance = (id: string, weight = 1): Instance => ({ id, origin: `http://${id}`, weight });

function createPool(...ids: string[]) {
  const pool = new Pool('things', roundRobin.create(Math.random));
  pool.update(
    ids.map((id) => instance(id)),
    (it) => new InstanceState(it),
  );
  return pool;
}

const pick = (pool: Pool, now: number, ...tried: InstanceState[]) => pool.pick(now, tried)?.instance.id;

test('an instance that was tried is not chosen again', () => {
  const pool = createPool('a', 'b');
  const [a, b] = pool.states as [InstanceState, InstanceState];
  expect([pick(pool, 0, a), pick(pool, 0, a), pick(pool, 0, b), pick(pool, 0, a, b)]).toEqual([
    'b',
    'b',
    'a',
    undefined,
  ]);
});

test('no instances, no choice', () => {
  expect(pick(createPool(), 0)).toBeUndefined();
});

test('an instance that could not be reached is left alone for a second, then one exchange tries it', () => {
  const pool = createPool('a', 'b');
  const [a] = pool.states as [InstanceState, InstanceState];
  expect(a.markUnreachable(5000)).toBe(true);
  expect(a.markUnreachable(5000)).toBe(false);
  expect(Array.from({ length: 4 }, () => pick(pool, 5999))).toEqual(['b', 'b', 'b', 'b']);
  const afterwards = Array.from({ length: 2 }, () => pick(pool, 6000));
  expect(afterwards).toContain('a');
  a.begin(6000);
  expect(Array.from({ length: 4 }, () => pick(pool, 6500))).toEqual(['b', 'b', 'b', 'b']);
  expect(a.markReachable()).toBe(true);
  expect(a.markReachable()).toBe(false);
  expect(Array.from({ length: 2 }, () => pick(pool, 6500))).toContain('a');
});

test('all of them away: undefined at once, until the second is over', () => {
  const pool = createPool('a');
  pool.states[0]!.markUnreachable(0);
  expect([pick(pool, 999), pick(pool, 1000)]).toEqual([undefined, 'a']);
});

test('a new set keeps what is known of those that stay', () => {
  const registry = new InstanceRegistry();
  const stateOf = (it: Instance) => registry.stateOf('things', it);
  const pool = new Pool('things', roundRobin.create(Math.random));
  pool.update([instance('a'), instance('b')], stateOf);
  const [a, b] = pool.states as [InstanceState, InstanceState];
  a.begin(0);
  a.markUnreachable(0);
  pool.update([instance('c'), instance('a'), instance('b', 2)], stateOf);
  expect(pool.states[1]).toBe(a);
  expect(pool.states[1]!.inFlight).toBe(1);
  expect(pool.states[1]!.reachable).toBe(false);
  // Another weight is another instance to the balancer.
  expect(pool.states[2]).not.toBe(b);
});

test('the same address in two services has two states', () => {
  const registry = new InstanceRegistry();
  expect(registry.stateOf('one', instance('a'))).not.toBe(registry.stateOf('two', instance('a')));
  expect([...registry.list()].map(({ service, state }) => [service, state.instance.id])).toEqual([
    ['one', 'a'],
    ['two', 'a'],
  ]);
});
