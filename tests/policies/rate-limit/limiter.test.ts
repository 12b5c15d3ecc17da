import type { Exchange } from '../../../src/model/exchange.ts';
import { createLimiter } from '../../../src/policies/rate-limit/limiter.ts';
import type { CounterStore } from '../../../src/stores/counter-store.ts';
import { createMemoryCounterStore } from '../../../src/stores/memory/counter-store.ts';
import { makeExchange } from '../../model/make-exchange.ts';
import { runGuard } from '../run-guard.ts';

describe('a limiter', () => {
  let now = 0;
  const clock = () => now;
  beforeEach(() => {
    now = 5_000.25;
  });

  const limiter = (announce = true, counters: CounterStore = createMemoryCounterStore({ clock })) =>
    createLimiter({
      name: 'client',
      limit: 2,
      window: 10_000,
      keyOf: ({ address }: Exchange) => address,
      counters,
      clock,
      announce,
    });

  async function send(guard: ReturnType<typeof limiter>, address = '192.0.2.1') {
    const exchange = makeExchange({ address });
    const error = await runGuard(guard, exchange);
    return { error, fields: exchange.replyHeaders, limit: exchange.limit };
  }

  test('counts down, refuses with 429 and Retry-After, and begins anew with the next window', async () => {
    const guard = limiter();
    expect(await send(guard)).toEqual({
      error: undefined,
      fields: ['RateLimit-Policy', '"client";q=2;w=10', 'RateLimit', '"client";r=1;t=10'],
      limit: undefined,
    });
    now += 3_000;
    expect((await send(guard)).fields).toContain('"client";r=0;t=7');
    now += 6_500;
    const refused = await send(guard);
    expect(refused.error).toMatchObject({ code: 'GW_RATE_LIMITED', status: 429, headers: ['Retry-After', '1'] });
    expect(refused.fields).toEqual(['RateLimit-Policy', '"client";q=2;w=10', 'RateLimit', '"client";r=0;t=1']);
    expect(refused.limit).toBe('client');
    now += 500;
    const next = await send(guard);
    expect(next.error).toBeUndefined();
    expect(next.fields).toContain('"client";r=1;t=10');
  });

  test('keys do not share', async () => {
    const guard = limiter();
    for (let turn = 0; turn < 2; turn++) await send(guard, 'a');
    expect((await send(guard, 'a')).error?.status).toBe(429);
    expect((await send(guard, 'b')).error).toBeUndefined();
  });

  test('without announcement only a refusal tells', async () => {
    const guard = limiter(false);
    expect((await send(guard)).fields).toEqual([]);
    await send(guard);
    const refused = await send(guard);
    expect(refused.error?.headers).toEqual(['Retry-After', '10']);
    expect(refused.fields).toHaveLength(4);
  });

  test('requests of one moment are counted one by one', async () => {
    const guard = limiter();
    const all = await Promise.all([send(guard), send(guard), send(guard), send(guard)]);
    expect(all.map(({ error }) => error?.status)).toEqual([undefined, undefined, 429, 429]);
    expect(all.slice(0, 2).map(({ fields }) => fields.at(-1))).toEqual(['"client";r=1;t=10', '"client";r=0;t=10']);
  });

  test('works with a store that takes its time', async () => {
    const memory = createMemoryCounterStore({ clock });
    const guard = limiter(true, { ...memory, hit: async (key, window) => memory.hit(key, window) });
    const all = await Promise.all([send(guard), send(guard), send(guard)]);
    expect(all.map(({ error }) => error?.status)).toEqual([undefined, undefined, 429]);
  });

  test('a store that fails does not let requests pass', async () => {
    const failing = { hit: () => Promise.reject(new Error('store is gone')), undo() {}, reset() {} };
    await expect(send(limiter(true, failing))).rejects.toThrow('store is gone');
  });
});
