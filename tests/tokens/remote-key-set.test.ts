import { GatewayError } from '../../src/errors/gateway-error.ts';
import { readJwkSet } from '../../src/tokens/jwk-set.ts';
import { createRemoteKeySet } from '../../src/tokens/remote-key-set.ts';
import { makeProviderKey } from '../support/start-identity-provider.ts';

const second = 1_000;
const minute = 60 * second;
const first = makeProviderKey('ES256', 'first');
const next = makeProviderKey('ES256', 'next');

/** A set over a provider that a test controls. */
function open() {
  const provider = { keys: [first], maxAge: undefined as number | undefined, down: false, fetches: 0 };
  const lines: string[] = [];
  let time = 5_000_000;
  const set = createRemoteKeySet({
    issuer: 'https://idp.example',
    async fetch() {
      provider.fetches++;
      await undefined;
      if (provider.down) throw new Error('nobody there');
      return { keys: readJwkSet({ keys: provider.keys.map(({ jwk }) => jwk) }), maxAge: provider.maxAge };
    },
    clock: () => time,
    log: { info: (text) => void lines.push(`info ${text}`), warn: (text) => void lines.push(`warn ${text}`) },
  });
  const pass = (milliseconds: number) => {
    time += milliseconds;
  };
  return { provider, lines, pass, find: (id = 'first') => set.find(id, 'ES256') };
}

test('fetches nothing before it is asked, then once, and knows', async () => {
  const { provider, find } = open();
  expect(provider.fetches).toBe(0);
  const waiting = [find(), find(), find('next')];
  expect(waiting.every((found) => found instanceof Promise)).toBe(true);
  const [key, same, unknown] = await Promise.all(waiting);
  expect(key?.equals(first.publicKey)).toBe(true);
  expect(same).toBe(key);
  expect(unknown).toBeUndefined();
  expect(find()).toBe(key);
  expect(provider.fetches).toBe(1);
});

test.each([
  ['10 minutes when nothing is said', undefined, 10 * minute],
  ['as long as is said', 3_600, 60 * minute],
  ['5 minutes at least', 0, 5 * minute],
  ['a day at most', 10_000_000, 24 * 60 * minute],
])('keeps keys for %s', async (_, maxAge, lifetime) => {
  const { provider, pass, find } = open();
  provider.maxAge = maxAge;
  await find();
  pass(lifetime - 1);
  expect(find()).toBeDefined();
  expect(provider.fetches).toBe(1);
  provider.keys = [next];
  pass(1);
  // Not one more request with a key that is gone: it may have been stolen.
  expect(await find()).toBeUndefined();
  expect(provider.fetches).toBe(2);
});

test('fetches for an id that it does not know, at most every 30 s', async () => {
  const { provider, pass, find } = open();
  await find();
  provider.keys = [first, next];
  const found = await Promise.all(Array.from({ length: 50 }, () => find('next')));
  expect(found.every((key) => key?.equals(next.publicKey))).toBe(true);
  expect(provider.fetches).toBe(2);
  expect(find('made-up')).toBeUndefined();
  pass(30 * second - 1);
  expect(find('made-up')).toBeUndefined();
  pass(1);
  expect(await find('made-up')).toBeUndefined();
  expect(find('made-up')).toBeUndefined();
  expect(provider.fetches).toBe(3);
});

test('known ids do not wait for the fetch for another one', async () => {
  const { find } = open();
  const key = await find();
  const waiting = find('made-up');
  expect(find()).toBe(key);
  expect(await waiting).toBeUndefined();
});

test('goes on with the last keys while there are no others, tries every 30 s and says it once', async () => {
  const { provider, lines, pass, find } = open();
  const key = await find();
  provider.down = true;
  pass(10 * minute);
  expect(await find()).toBe(key);
  expect(find()).toBe(key);
  expect(find('next')).toBeUndefined();
  expect(provider.fetches).toBe(2);
  pass(30 * second);
  expect(await find()).toBe(key);
  expect(provider.fetches).toBe(3);
  expect(lines).toEqual(['warn the keys of an issuer cannot be fetched']);

  provider.down = false;
  provider.keys = [next];
  pass(30 * second);
  expect(await find()).toBeUndefined();
  expect((await find('next'))?.equals(next.publicKey)).toBe(true);
  expect(lines.slice(1)).toEqual(['info the keys of an issuer can be fetched again']);
});

test('without any keys everybody is told when to come again, and the provider is left alone', async () => {
  const { provider, pass, find } = open();
  provider.down = true;
  const failure = await Promise.resolve(find()).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(GatewayError);
  expect(failure).toMatchObject({
    code: 'GW_ISSUER_UNAVAILABLE',
    status: 503,
    headers: ['Retry-After', '5'],
    cause: new Error('nobody there'),
  });
  pass(3_500);
  expect(() => find()).toThrow(expect.objectContaining({ headers: ['Retry-After', '2'] }));
  expect(provider.fetches).toBe(1);
  pass(1_500);
  provider.down = false;
  expect(await find()).toBeDefined();
});

test('says so when none of the keys can be used', async () => {
  const { provider, lines, find } = open();
  provider.keys = [];
  expect(await find()).toBeUndefined();
  expect(lines).toEqual(['warn an issuer publishes no key that can be used']);
});
