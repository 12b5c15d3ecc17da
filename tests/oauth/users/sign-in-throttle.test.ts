import fc from 'fast-check';
import { type AttemptSource, createSignInThrottle, type Trial } from '../../../src/oauth/users/sign-in-throttle.ts';

function open() {
  const time = { now: 1_000 };
  const throttle = createSignInThrottle(() => time.now);
  /** Begins an attempt that must be let through. */
  const tryOnce = (account: string, address: string | AttemptSource): Trial => {
    const trial = throttle.begin(account, typeof address === 'string' ? { address } : address);
    if ('retryAfter' in trial) throw new Error(`must wait for ${trial.retryAfter} s`);
    return trial;
  };
  /** Seconds until an attempt is let through; 0 when it was, and is counted. */
  const waitOf = (account: string, address: string | AttemptSource): number => {
    const trial = throttle.begin(account, typeof address === 'string' ? { address } : address);
    return 'retryAfter' in trial ? trial.retryAfter : 0;
  };
  return { time, tryOnce, waitOf };
}

const address = (n: number) => `198.51.${n >> 8}.${n & 255}`;

test('after five failures in a row an account waits, twice as long each time, up to a minute', () => {
  const { time, waitOf, tryOnce } = open();
  for (let i = 0; i < 5; i += 1) tryOnce('ada', address(1));
  for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
    expect(waitOf('ada', address(1))).toBe(seconds);
    time.now += seconds - 0.125;
    expect(waitOf('ada', address(1))).toBe(1);
    time.now += 0.125;
    tryOnce('ada', address(1));
  }
  expect([waitOf('eva', address(1)), waitOf('ada', address(2))]).toEqual([0, 0]);
  time.now += 600;
  for (let i = 0; i < 5; i += 1) tryOnce('ada', address(1));
});

test('many attempts at once gain nothing', () => {
  const { waitOf } = open();
  const waits = Array.from({ length: 100 }, () => waitOf('ada', address(1)));
  expect(waits.filter((seconds) => seconds === 0)).toHaveLength(5);
});

test('a success forgets the failures before it; what could not be told never happened', () => {
  const { tryOnce, waitOf } = open();
  for (let i = 0; i < 4; i += 1) tryOnce('ada', address(1));
  tryOnce('ada', address(1)).succeed();
  for (let i = 0; i < 4; i += 1) tryOnce('ada', address(1));
  for (let i = 0; i < 10; i += 1) tryOnce('ada', address(1)).undo();
  expect(tryOnce('ada', address(1)).wait()).toBe(1);
  expect(waitOf('ada', address(1))).toBe(1);
});

test('the case and the composition of a username make no other account of it', () => {
  const { tryOnce, waitOf } = open();
  for (const name of ['Zoë', 'zoë', 'ZOË', 'zoë'.normalize('NFD'), 'zoë']) tryOnce(name, address(1));
  expect(waitOf('Zoë', address(1))).toBe(1);
});

test('a network of IPv6 counts as one address', () => {
  const { tryOnce, waitOf } = open();
  for (let i = 1; i <= 5; i += 1) tryOnce('ada', `2001:db8:1:${i}::${i}`);
  expect([waitOf('ada', '2001:db8:1:42::1'), waitOf('ada', '2001:db8:2::1')]).toEqual([1, 0]);
});

test('an address that fails for many accounts waits, except where it signed in before', () => {
  const { time, tryOnce, waitOf } = open();
  tryOnce('ada', address(1)).succeed();
  for (let i = 0; i < 50; i += 1) tryOnce(`user-${i}`, address(1));
  expect([waitOf('eva', address(1)), waitOf('eva', address(2)), waitOf('ada', address(1))]).toEqual([1, 0, 0]);
  time.now += 600;
  expect(waitOf('eva', address(1))).toBe(0);
});

test('who fails by way of a client makes nobody else there wait, but their own account', () => {
  const { tryOnce, waitOf } = open();
  const backend = { client: 'backend' };
  for (let i = 0; i < 200; i += 1) tryOnce(`user-${i}`, backend);
  expect(waitOf('eva', backend)).toBe(0);
  for (let i = 0; i < 5; i += 1) tryOnce('ada', backend);
  expect([waitOf('ada', backend), waitOf('ada', { client: 'other' }), waitOf('ada', 'backend')]).toEqual([1, 0, 0]);
});

test('those who sign in do not use up what their address may fail', () => {
  const { tryOnce, waitOf } = open();
  for (let i = 0; i < 200; i += 1) tryOnce(`user-${i}`, address(1)).succeed();
  expect(waitOf('eva', address(1))).toBe(0);
});

test('an account that many addresses guess at waits 5 s at the most, and not at all for its owner at home', () => {
  const { time, tryOnce, waitOf } = open();
  tryOnce('ada', address(0)).succeed();
  for (let i = 1; i <= 20; i += 1) tryOnce('ada', address(i));
  let next = 21;
  for (const seconds of [1, 2, 4, 5, 5]) {
    expect(waitOf('ada', address(next))).toBe(seconds);
    time.now += seconds;
    tryOnce('ada', address(next));
    next += 1;
  }
  expect(waitOf('ada', address(0))).toBe(0);
  expect(waitOf('eva', address(next))).toBe(0);
});

test('nobody ever waits for longer than a minute, and whoever waits as told gets in', () => {
  const eighths = fc.integer({ min: 0, max: 800 }).map((n) => n / 8);
  const step = fc.record({
    account: fc.integer({ min: 0, max: 2 }),
    address: fc.integer({ min: 0, max: 3 }),
    end: fc.constantFrom('fail', 'fail', 'fail', 'succeed', 'undo'),
    pause: fc.oneof(fc.constant(0), eighths, fc.integer({ min: 0, max: 700 })),
    times: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const time = { now: 0 };
      const throttle = createSignInThrottle(() => time.now);
      for (const { account, address: from, end, pause, times } of steps) {
        time.now += pause;
        for (let i = 0; i < times; i += 1) {
          let trial = throttle.begin(`user-${account}`, { address: address(from) });
          if ('retryAfter' in trial) {
            expect(trial.retryAfter).toBeGreaterThanOrEqual(1);
            expect(trial.retryAfter).toBeLessThanOrEqual(60);
            time.now += trial.retryAfter;
            trial = throttle.begin(`user-${account}`, { address: address(from) });
          }
          if ('retryAfter' in trial) throw new Error('still not let in');
          if (end === 'succeed') trial.succeed();
          if (end === 'undo') trial.undo();
        }
      }
    }),
  );
});
