import fc from 'fast-check';
import { createMemoryCounterStore } from '../../../src/stores/memory/counter-store.ts';

describe('counters in memory', () => {
  let now = 0;
  const clock = () => now;
  beforeEach(() => {
    now = 1_000;
  });

  test('count by key in windows that begin with their first hit', () => {
    const store = createMemoryCounterStore({ clock });
    expect(store.hit('a', 100)).toEqual({ hits: 1, resetsAt: 1_100 });
    now = 1_099;
    expect(store.hit('a', 100)).toEqual({ hits: 2, resetsAt: 1_100 });
    expect(store.hit('b', 100)).toEqual({ hits: 1, resetsAt: 1_199 });
    now = 1_100;
    expect(store.hit('a', 100)).toEqual({ hits: 1, resetsAt: 1_200 });
  });

  test('what a hit told stays as it was when others follow', () => {
    const store = createMemoryCounterStore({ clock });
    const first = store.hit('a', 100);
    store.hit('a', 100);
    expect(first).toEqual({ hits: 1, resetsAt: 1_100 });
  });

  test('take hits back, but not below none', () => {
    const store = createMemoryCounterStore({ clock });
    store.hit('a', 100);
    store.undo('a');
    store.undo('a');
    store.undo('unknown');
    expect(store.hit('a', 100)).toEqual({ hits: 1, resetsAt: 1_100 });
  });

  test('are reset one by one', () => {
    const store = createMemoryCounterStore({ clock });
    for (const key of ['a', 'a', 'b', 'b']) store.hit(key, 100);
    now = 1_050;
    store.reset('a');
    expect(store.hit('a', 100)).toEqual({ hits: 1, resetsAt: 1_150 });
    expect(store.hit('b', 100)).toEqual({ hits: 3, resetsAt: 1_100 });
  });

  test('a flood of keys drives out the oldest window, never the newest', () => {
    const store = createMemoryCounterStore({ clock, maxKeys: 3 });
    for (const key of ['a', 'b', 'c', 'a', 'd']) store.hit(key, 100);
    expect(store.hit('d', 100)).toMatchObject({ hits: 2 });
    expect(store.hit('b', 100)).toMatchObject({ hits: 2 });
    expect(store.hit('a', 100)).toMatchObject({ hits: 1 });
  });

  test('a window that begins again is the newest', () => {
    const store = createMemoryCounterStore({ clock, maxKeys: 2 });
    store.hit('a', 100);
    now = 1_050;
    store.hit('b', 100);
    now = 1_100;
    store.hit('a', 100);
    store.hit('c', 100);
    expect(store.hit('a', 100)).toMatchObject({ hits: 2 });
    expect(store.hit('b', 100)).toMatchObject({ hits: 1 });
  });

  test('agree with a list of all hits', () => {
    const step = fc.tuple(fc.constantFrom('a', 'b', '__proto__'), fc.nat(60));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        now = 0;
        const store = createMemoryCounterStore({ clock });
        const begun = new Map<string, { at: number; hits: number }>();
        for (const [key, passed] of steps) {
          now += passed;
          const last = begun.get(key);
          const window = last !== undefined && now < last.at + 100 ? last : { at: now, hits: 0 };
          window.hits += 1;
          begun.set(key, window);
          expect(store.hit(key, 100)).toEqual({ hits: window.hits, resetsAt: window.at + 100 });
        }
      }),
    );
  });
});
