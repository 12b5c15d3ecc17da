import fc from 'fast-check';
import { BoundedMemory } from '../../../src/stores/memory/bounded-memory.ts';

describe('a bounded memory', () => {
  let now = 0;
  const clock = () => now;
  beforeEach(() => {
    now = 1_000;
  });

  test('gives back the very value it was given', () => {
    const memory = new BoundedMemory<object>({ maxBytes: 10, clock });
    const value = {};
    expect(memory.set('a', value, 4, 100)).toBe(true);
    expect(memory.get('a')).toBe(value);
    expect(memory.get('b')).toBeUndefined();
    expect([memory.bytes, memory.size]).toEqual([4, 1]);
  });

  test('forgets an entry when its time has come, and frees its room on contact', () => {
    const memory = new BoundedMemory<string>({ maxBytes: 10, clock });
    memory.set('a', 'A', 4, 100);
    now = 1_099;
    expect(memory.get('a')).toBe('A');
    now = 1_100;
    expect(memory.get('a')).toBeUndefined();
    expect([memory.bytes, memory.size]).toEqual([0, 0]);
  });

  test('drives out the least recently used until the new one fits, and says which', () => {
    const evicted: string[] = [];
    const memory = new BoundedMemory<string>({ maxBytes: 10, clock, onEvict: (key) => evicted.push(key) });
    memory.set('a', 'A', 4, 100);
    memory.set('b', 'B', 4, 100);
    memory.get('a');
    memory.set('c', 'C', 5, 100);
    expect(evicted).toEqual(['b']);
    expect([memory.get('a'), memory.get('b'), memory.get('c')]).toEqual(['A', undefined, 'C']);
  });

  test('refuses what is larger than the whole budget, and forgets what the key had', () => {
    const memory = new BoundedMemory<string>({ maxBytes: 10, clock });
    memory.set('a', 'old', 2, 100);
    memory.set('b', 'B', 2, 100);
    expect(memory.set('a', 'new', 11, 100)).toBe(false);
    expect([memory.get('a'), memory.get('b')]).toEqual([undefined, 'B']);
    expect(memory.bytes).toBe(2);
  });

  test('replaces without counting twice', () => {
    const evicted: string[] = [];
    const memory = new BoundedMemory<string>({ maxBytes: 10, clock, onEvict: (key) => evicted.push(key) });
    memory.set('a', 'old', 8, 100);
    memory.set('a', 'new', 9, 100);
    expect([memory.get('a'), memory.bytes, memory.size, evicted.length]).toEqual(['new', 9, 1, 0]);
  });

  test('deletes one entry, and says whether there was one', () => {
    const memory = new BoundedMemory<string>({ maxBytes: 10, clock });
    memory.set('a', 'A', 1, 100);
    memory.set('b', 'B', 1, 100);
    expect([memory.delete('a'), memory.delete('a'), memory.bytes]).toEqual([true, false, 1]);
    memory.set('c', 'C', 9, 100);
    expect([memory.get('b'), memory.get('c'), memory.bytes, memory.size]).toEqual(['B', 'C', 10, 2]);
  });

  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__', 'constructor', '');
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('set'), key, bytes: fc.nat(12), ttl: fc.integer({ min: -1, max: 20 }) }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('get'), key, bytes: fc.constant(0), ttl: fc.constant(0) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('delete'), key, bytes: fc.constant(0), ttl: fc.constant(0) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('wait'), key, bytes: fc.constant(0), ttl: fc.nat(15) }) },
  );

  /** The same promises, kept the slow and obvious way: an array from the least to the most recently used. */
  class Model {
    entries: { key: string; value: number; bytes: number; expiresAt: number }[] = [];
    sum = () => this.entries.reduce((sum, { bytes }) => sum + bytes, 0);
    delete(key: string) {
      this.entries = this.entries.filter((entry) => entry.key !== key);
    }
    get(key: string) {
      const entry = this.entries.find((candidate) => candidate.key === key);
      this.delete(key);
      if (entry === undefined || entry.expiresAt <= now) return undefined;
      this.entries.push(entry);
      return entry.value;
    }
    set(key: string, value: number, bytes: number, ttl: number) {
      this.delete(key);
      if (bytes > 20 || ttl <= 0) return;
      while (this.sum() + bytes > 20) this.entries.shift();
      this.entries.push({ key, value, bytes, expiresAt: now + ttl });
    }
  }

  test('behaves like a plain list with the same rules, and never exceeds its budget', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        now = 0;
        const memory = new BoundedMemory<number>({ maxBytes: 20, clock });
        const model = new Model();
        for (const [n, { do: verb, key, bytes, ttl }] of steps.entries()) {
          if (verb === 'wait') now += ttl;
          if (verb === 'get') expect(memory.get(key)).toBe(model.get(key));
          if (verb === 'delete') {
            memory.delete(key);
            model.delete(key);
          }
          if (verb === 'set') {
            memory.set(key, n, bytes, ttl);
            model.set(key, n, bytes, ttl);
          }
          expect(memory.bytes).toBeLessThanOrEqual(20);
          expect([memory.bytes, memory.size]).toEqual([model.sum(), model.entries.length]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
