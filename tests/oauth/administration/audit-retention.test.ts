import { keepAuditShort } from '../../../src/oauth/administration/audit-retention.ts';
import { createMemoryAuditStore } from '../../../src/stores/memory/memory-audit-store.ts';
import { StoreError } from '../../../src/stores/store-error.ts';

function createTimer() {
  const timer = { interval: 0, call: () => {}, stopped: false };
  const every = (interval: number, call: () => void) => {
    Object.assign(timer, { interval, call });
    return () => {
      timer.stopped = true;
    };
  };
  return { timer, every };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('old events go at the start and once a day, until it is stopped', async () => {
  const store = createMemoryAuditStore();
  let now = 1_000_000;
  for (const at of [now - 101, now - 99, now + 86_400]) await store.append({ type: 'user.signed-in', at }, 100);
  const times = async () => (await store.query({}, { limit: 9 })).map(({ at }) => at);
  const { timer, every } = createTimer();
  const stop = keepAuditShort({ store, keep: 100, clock: () => now, log: { warn() {} }, every });
  await turn();
  expect(await times()).toEqual([1_086_400, 999_901]);
  expect(timer.interval).toBe(86_400_000);
  now += 86_400;
  timer.call();
  await turn();
  expect(await times()).toEqual([1_086_400]);
  stop();
  expect(timer.stopped).toBe(true);
});

test('a store that fails is told to the log, and asked again the next day', async () => {
  let asked = 0;
  const store = {
    forgetBefore() {
      asked += 1;
      return Promise.reject(new StoreError('the disk is full'));
    },
  };
  const warnings: string[] = [];
  const { timer, every } = createTimer();
  keepAuditShort({ store, keep: 1, clock: () => 0, log: { warn: (text) => void warnings.push(text) }, every });
  await turn();
  timer.call();
  await turn();
  expect([asked, warnings.length]).toEqual([2, 2]);
});

test('the usual timer keeps no process alive', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const stop = keepAuditShort({ store: createMemoryAuditStore(), keep: 1, clock: () => 0, log: { warn() {} } });
  expect(timers()).toBe(before);
  stop();
});
