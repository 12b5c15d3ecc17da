import { createTurns } from '../../src/oauth/take-turns.ts';

/** A task that ends when the test says so. */
function task() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let isBegun = false;
  const run = () => {
    isBegun = true;
    return promise;
  };
  return { run, resolve, reject, isBegun: () => isBegun };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('tasks of one key run one after the other, those of another at once', async () => {
  const takeTurns = createTurns();
  const [first, second, other] = [task(), task(), task()];
  const results = [takeTurns('a', first.run), takeTurns('a', second.run), takeTurns('b', other.run)];
  await settle();
  expect([first, second, other].map((it) => it.isBegun())).toEqual([true, false, true]);
  other.resolve('b');
  first.resolve('a1');
  await settle();
  expect(second.isBegun()).toBe(true);
  second.resolve('a2');
  expect(await Promise.all(results)).toEqual(['a1', 'a2', 'b']);
});

test('a failure is its own task’s, and the next one runs', async () => {
  const takeTurns = createTurns();
  const [first, second] = [task(), task()];
  const results = [takeTurns('a', first.run), takeTurns('a', second.run)];
  first.reject(new Error('no'));
  second.resolve('yes');
  await expect(results[0]).rejects.toThrow('no');
  expect(await results[1]).toBe('yes');
  expect(await takeTurns('a', async () => 'later')).toBe('later');
});
