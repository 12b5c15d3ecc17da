import { ResponseCache, type StorageTerms } from '../../../src/policies/cache/response-cache.ts';

describe('the response cache', () => {
  let now = 0;
  const clock = () => now;
  beforeEach(() => {
    now = 1_000;
  });
  const create = (maxBytes = 100_000) => new ResponseCache({ maxBytes, maxBody: 1_000, clock });

  function store(cache: ResponseCache, path: string, body: string, given: Partial<StorageTerms> = {}) {
    const terms = { key: path, path, request: [], vary: [], freshFor: 10_000, age: 0, mark: cache.mark(), ...given };
    cache.store(terms, 200, ['X', '1'], Buffer.from(body));
  }
  const read = (cache: ResponseCache, key: string, request: string[] = []) => cache.find(key, request)?.body.toString();

  test('gives a reply again until its time is over', () => {
    const cache = create();
    store(cache, '/a', 'A', { age: 3 });
    now += 2_500;
    const hit = cache.find('/a', [])!;
    expect(hit).toMatchObject({ status: 200, headers: ['X', '1'] });
    expect([cache.ageOf(hit), cache.freshnessOf(hit)]).toEqual([5, 8]);
    now += 7_499;
    expect(read(cache, '/a')).toBe('A');
    now += 1;
    expect(read(cache, '/a')).toBeUndefined();
    expect([cache.bytes, cache.size]).toEqual([0, 0]);
  });

  test('keeps variants apart', () => {
    const cache = create();
    const vary = ['accept-language'];
    store(cache, '/a', 'hola', { vary, request: ['Accept-Language', 'es'] });
    store(cache, '/a', 'hello', { vary, request: ['Accept-Language', 'en'] });
    expect(read(cache, '/a', ['accept-language', 'es', 'X', '1'])).toBe('hola');
    expect(read(cache, '/a', ['accept-language', 'en'])).toBe('hello');
    expect(read(cache, '/a', ['accept-language', 'fr'])).toBeUndefined();
    expect(read(cache, '/a')).toBeUndefined();
  });

  test('a variant ends by itself', () => {
    const cache = create();
    const vary = ['accept'];
    store(cache, '/a', 'old', { vary, request: ['Accept', 'a'], freshFor: 1_000 });
    store(cache, '/a', 'new', { vary, request: ['Accept', 'b'], freshFor: 5_000 });
    now += 2_000;
    expect(read(cache, '/a', ['Accept', 'a'])).toBeUndefined();
    expect(read(cache, '/a', ['Accept', 'b'])).toBe('new');
  });

  test('a resource that begins or ceases to vary is never answered by the old rule', () => {
    const cache = create();
    store(cache, '/a', 'one for all');
    store(cache, '/a', 'text', { vary: ['accept'], request: ['Accept', 'text'] });
    expect(read(cache, '/a')).toBeUndefined();
    expect(read(cache, '/a', ['Accept', 'text'])).toBe('text');
    store(cache, '/a', 'one again');
    expect(read(cache, '/a', ['Accept', 'text'])).toBe('one again');
  });

  test('invalidates one path, or all below it, variants and other keys of it too', () => {
    const cache = create();
    store(cache, '/a', 'A');
    store(cache, '/a', 'A of eva', { key: '/a?of=eva' });
    store(cache, '/a/b', 'B', { vary: ['accept'], request: ['Accept', 'x'] });
    store(cache, '/ab', 'AB');
    cache.invalidate({ path: '/a', below: false });
    expect([read(cache, '/a'), read(cache, '/a?of=eva')]).toEqual([undefined, undefined]);
    expect(read(cache, '/a/b', ['Accept', 'x'])).toBe('B');
    cache.invalidate({ path: '/a', below: true });
    expect(read(cache, '/a/b', ['Accept', 'x'])).toBeUndefined();
    expect(read(cache, '/ab')).toBe('AB');
    cache.invalidate({ path: '/ab', below: true });
    expect([cache.bytes, cache.size]).toEqual([0, 0]);
  });

  test('what an invalidation has overtaken is not stored', () => {
    const cache = create();
    const mark = cache.mark();
    cache.invalidate({ path: '/a', below: true });
    store(cache, '/a', 'old', { mark });
    store(cache, '/a/b', 'old', { mark });
    store(cache, '/ab', 'other', { mark });
    expect([read(cache, '/a'), read(cache, '/a/b'), read(cache, '/ab')]).toEqual([undefined, undefined, 'other']);
    store(cache, '/a', 'new');
    expect(read(cache, '/a')).toBe('new');
  });

  test('an invalidation of one path does not touch what lies below', () => {
    const cache = create();
    const mark = cache.mark();
    cache.invalidate({ path: '/a', below: false });
    store(cache, '/a/b', 'B', { mark });
    expect(read(cache, '/a/b')).toBe('B');
  });

  test('an invalidation before the mark does not count', () => {
    const cache = create();
    cache.invalidate({ path: '/a', below: false });
    store(cache, '/a', 'A');
    expect(read(cache, '/a')).toBe('A');
  });

  test('after more invalidations than it remembers, it keeps nothing that is not certain', () => {
    const cache = create();
    const mark = cache.mark();
    for (let turn = 0; turn < 256; turn++) cache.invalidate({ path: `/x/${turn}`, below: false });
    store(cache, '/a', 'A', { mark });
    expect(read(cache, '/a')).toBe('A');
    cache.invalidate({ path: '/x', below: false });
    store(cache, '/b', 'B', { mark });
    expect(read(cache, '/b')).toBeUndefined();
  });

  test('stays within its budget, the least recently used goes first and leaves its path', () => {
    const cache = create(4_000);
    for (const name of ['a', 'b', 'c']) {
      store(cache, `/${name}`, name.repeat(100));
      read(cache, '/a');
    }
    store(cache, '/d', 'd'.repeat(100));
    expect(cache.bytes).toBeLessThanOrEqual(4_000);
    expect(['/a', '/b', '/c', '/d'].map((path) => read(cache, path) !== undefined)).toEqual([true, false, true, true]);
    expect(cache.invalidate({ path: '/b', below: true })).toBe(0);
    expect(cache.invalidate({ path: '/a', below: true })).toBe(1);
  });

  test('what is larger than everything together is not kept, nor what it would replace', () => {
    const cache = create(1_600);
    store(cache, '/a', 'small');
    store(cache, '/a', 'x'.repeat(900));
    expect(read(cache, '/a')).toBeUndefined();
    expect(cache.invalidate({ path: '/a', below: true })).toBe(0);
  });
});
