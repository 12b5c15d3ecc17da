import { generateKeyPairSync, sign, verify } from 'node:crypto';
import type { KeyStore, StoredKey } from '../../src/stores/key-store.ts';
import { createMemoryKeyStore } from '../../src/stores/memory/memory-key-store.ts';
import { StoreError } from '../../src/stores/store-error.ts';
import { publishedBefore, retiresFor } from '../../src/tokens/key-ring.ts';
import type { SigningKeys } from '../../src/tokens/keys.ts';
import { openKeys } from './open-keys.ts';

const start = 1_700_000_000;
const hour = 3_600;

let now: number;
let store: KeyStore;
beforeEach(() => {
  now = start;
  store = createMemoryKeyStore();
});
const clock = () => now + 0.7;
const open = (options: Parameters<typeof openKeys>[0] = {}) => openKeys({ store, clock, ...options });

const kept = async () => JSON.stringify([await store.list(), await store.listSecrets()]);
const published = (keys: SigningKeys) => keys.publicJwks().keys.map(({ kid }) => kid);
const statesOf = (keys: SigningKeys) => Object.fromEntries(keys.list().map(({ id, state }) => [id, state]));

describe('the signing keys', () => {
  test('are made on the first start and found on the next', async () => {
    const first = await open();
    const second = await open();
    expect(second.current().id).toBe(first.current().id);
    expect(await store.list()).toEqual([
      expect.objectContaining({ id: first.current().id, algorithm: 'ES256', createdAt: start, activeFrom: start }),
    ]);
    expect(first.list()).toEqual([
      { id: first.current().id, algorithm: 'ES256', state: 'active', createdAt: start, activeFrom: start },
    ]);
  });

  test('are the same for two processes that start at once, and so is the secret', async () => {
    const [one, other] = await Promise.all([open(), open()]);
    expect(one.current().id).toBe(other.current().id);
    expect(one.opaqueSecret).toEqual(other.opaqueSecret);
    expect(one.opaqueSecret).toHaveLength(32);
    expect((await open()).opaqueSecret).toEqual(one.opaqueSecret);
    expect((await openKeys()).opaqueSecret).not.toEqual(one.opaqueSecret);
  });

  test('stay for verification when the algorithm changes', async () => {
    const before = (await open()).current();
    const keys = await open({ algorithm: 'RS256' });
    expect(keys.current().algorithm).toBe('RS256');
    expect(keys.find(before.id)?.algorithm).toBe('ES256');
    expect(keys.publicJwks().keys.map(({ alg }) => alg)).toEqual(['ES256', 'RS256']);
  });

  test('are found by their own id only', async () => {
    const keys = await open();
    for (const id of ['', '__proto__', 'constructor', '../', keys.current().id.toUpperCase()]) {
      expect(keys.find(id)).toBeUndefined();
    }
  });
});

describe('a rotation', () => {
  test('publishes the next key, lets it take over in time, and forgets the last one in its time', async () => {
    const keys = await open();
    const old = keys.current();
    const next = (await keys.rotate())!;
    expect(next).toMatchObject({ state: 'next', createdAt: start, activeFrom: start + publishedBefore });
    expect(keys.current()).toBe(keys.find(old.id));
    expect(published(keys)).toEqual([old.id, next.id]);

    now = next.activeFrom;
    expect(keys.current().id).toBe(next.id);
    expect(statesOf(keys)).toEqual({ [old.id]: 'retiring', [next.id]: 'active' });

    now = next.activeFrom + retiresFor;
    expect(keys.find(old.id)).toBeUndefined();
    expect(published(keys)).toEqual([next.id]);
    expect((await open()).list()).toEqual(keys.list());
    expect(await store.list()).toHaveLength(1);
  });

  test('is not begun while the next key waits already', async () => {
    const keys = await open();
    const [one, other] = await Promise.all([keys.rotate(), keys.rotate()]);
    expect([one?.state, other]).toEqual(['next', undefined]);
    expect(keys.list()).toHaveLength(2);
    now = one!.activeFrom;
    expect((await keys.rotate())?.state).toBe('next');
  });

  test('that cannot be kept changes nothing', async () => {
    const keys = await open();
    const before = keys.list();
    store.rotate = () => Promise.reject(new StoreError('disk full'));
    await expect(keys.rotate()).rejects.toThrow('disk full');
    expect(keys.list()).toEqual(before);
    expect(await keys.drop(keys.current().id)).toBe(true);
  });
});

describe('dropping a key', () => {
  test('that signs removes it at once, and a new one signs at once', async () => {
    const keys = await open();
    const { id } = keys.current();
    let heard = 0;
    const unsubscribe = keys.subscribe(() => {
      heard += keys.find(id) === undefined ? 1 : 0;
    });
    expect(await keys.drop(id)).toBe(true);
    expect(heard).toBe(1);
    expect(keys.find(id)).toBeUndefined();
    expect(keys.current().id).not.toBe(id);
    expect(published(keys)).toEqual([keys.current().id]);
    expect((await open()).current().id).toBe(keys.current().id);
    unsubscribe();
    await keys.drop(keys.current().id);
    expect(heard).toBe(1);
  });

  test('that signs while another waits: there is one to sign now, then the other', async () => {
    const keys = await open();
    const next = (await keys.rotate())!;
    const dropped = keys.current().id;
    await keys.drop(dropped);
    expect(keys.find(dropped)).toBeUndefined();
    expect(published(keys)).toContain(keys.current().id);
    now = next.activeFrom;
    expect(keys.current().id).toBe(next.id);
  });

  test('that waits leaves the one that signs, for good', async () => {
    const keys = await open();
    const { id } = keys.current();
    await keys.drop((await keys.rotate())!.id);
    now += 10 * publishedBefore;
    expect(statesOf(keys)).toEqual({ [id]: 'active' });
  });

  test('that retires leaves the one that signs', async () => {
    const keys = await open();
    const { id } = keys.current();
    const next = (await keys.rotate())!;
    now = next.activeFrom;
    await keys.drop(id);
    expect(statesOf(keys)).toEqual({ [next.id]: 'active' });
  });

  test('of the other algorithm leaves the one that signs', async () => {
    const { id } = (await open()).current();
    const keys = await open({ algorithm: 'RS256' });
    const signing = keys.current().id;
    await keys.drop(id);
    expect(statesOf(keys)).toEqual({ [signing]: 'active' });
  });

  test('that nobody has does nothing', async () => {
    const keys = await open();
    const before = await kept();
    expect(await keys.drop('unknown')).toBe(false);
    expect(await kept()).toBe(before);
  });

  test('during a rotation brings nothing back', async () => {
    const keys = await open();
    const { id } = keys.current();
    await Promise.all([keys.rotate(), keys.drop(id), keys.rotate()]);
    expect(keys.find(id)).toBeUndefined();
    expect(published(keys)).toEqual((await store.list()).map((key) => key.id));
  });
});

describe('on schedule, a key is rotated', () => {
  const rotateEvery = 30 * 24 * hour;

  /** Keys with a schedule whose hour strikes when a test says so. */
  async function openScheduled() {
    const log: unknown[][] = [];
    let strike: (() => void) | undefined;
    let stopped = false;
    const note =
      (level: string) =>
      (...line: unknown[]) =>
        void log.push([level, ...line]);
    const keys = await open({
      rotateEvery,
      log: { info: note('info'), error: note('error') },
      setTimer(run, milliseconds) {
        expect(milliseconds).toBe(hour * 1_000);
        strike = run;
        return () => {
          stopped = true;
        };
      },
    });
    const settle = async () => {
      strike!();
      await keys.close();
    };
    return { keys, log, settle, isStopped: () => stopped };
  }

  test('in the first hour in which it is old enough, and once', async () => {
    const { keys, log, settle } = await openScheduled();
    now = start + rotateEvery - 1;
    await settle();
    expect(keys.list()).toHaveLength(1);
    now = start + rotateEvery;
    await settle();
    await settle();
    const next = keys.list()[1]!;
    expect(next.state).toBe('next');
    const signsFrom = new Date(next.activeFrom * 1_000).toISOString();
    expect(log).toEqual([['info', 'signing key rotated', { kid: next.id, signsFrom }]]);
    now = next.activeFrom + hour;
    await settle();
    expect(keys.list()).toHaveLength(1);
    now = next.activeFrom + rotateEvery;
    await settle();
    expect(keys.list().map(({ state }) => state)).toEqual(['active', 'next']);
  });

  test('at the start, where the server was down or restarted more often than every hour', async () => {
    await open();
    now = start + rotateEvery;
    const { keys } = await openScheduled();
    expect(keys.list().map(({ state }) => state)).toEqual(['active', 'next']);
  });

  test('an hour later when it failed', async () => {
    const { keys, log, settle } = await openScheduled();
    now = start + rotateEvery;
    const { rotate } = store;
    store.rotate = () => Promise.reject(new StoreError('disk full'));
    await settle();
    expect(log).toEqual([
      ['error', 'the signing key could not be rotated, the present one goes on', { reason: 'disk full' }],
    ]);
    store.rotate = rotate;
    await settle();
    expect(keys.list()).toHaveLength(2);
  });

  test('until it is closed; without a schedule there is nothing to stop', async () => {
    const { keys, isStopped } = await openScheduled();
    expect(isStopped()).toBe(false);
    await keys.close();
    expect(isStopped()).toBe(true);
    await (await open()).close();
  });

  test('by a timer that keeps no process alive', async () => {
    const keys = await open({ rotateEvery });
    expect(process.getActiveResourcesInfo()).not.toContain('Interval');
    await keys.close();
  });
});

describe('encryption at rest', () => {
  const encryptionKey = 'an encryption key of the operator';

  test('hides keys and secret, from the first one on', async () => {
    const keys = await open({ encryptionKey });
    await keys.rotate();
    await keys.drop(keys.current().id);
    for (const { privateKey } of await store.list()) expect(privateKey).toMatch(/^sealed:/);
    expect(await kept()).not.toContain('PRIVATE KEY');
    expect(await kept()).not.toContain(keys.opaqueSecret.toString('base64url'));
    const again = await open({ encryptionKey });
    expect(again.current().id).toBe(keys.current().id);
    expect(again.opaqueSecret).toEqual(keys.opaqueSecret);
  });

  test('seals at the start what lay open, once', async () => {
    const before = await open();
    const keys = await open({ encryptionKey });
    expect([keys.current().id, keys.opaqueSecret]).toEqual([before.current().id, before.opaqueSecret]);
    expect(await kept()).not.toContain('PRIVATE KEY');
    const sealed = await kept();
    await open({ encryptionKey });
    expect(await kept()).toBe(sealed);
  });

  test('of another key, or without one, is one clear error, and the store is as it was', async () => {
    await open({ encryptionKey });
    const before = await kept();
    const another = open({ encryptionKey: 'another key of the operator, as long', algorithm: 'RS256' });
    await expect(another).rejects.toThrow(
      new StoreError(
        'The signing keys in the store are encrypted with another key than oauth.keys.encryptionKey. ' +
          'Set it to the one that they were encrypted with; the store was not changed.',
      ),
    );
    await expect(open({ algorithm: 'RS256' })).rejects.toThrow(
      new StoreError(
        'The signing keys in the store are encrypted, and oauth.keys.encryptionKey is not set. ' +
          'Set it to the one that they were encrypted with; the store was not changed.',
      ),
    );
    expect(await kept()).toBe(before);
  });

  test('binds each key to its id', async () => {
    await (await open({ encryptionKey })).rotate();
    const [one, other] = (await store.list()) as [StoredKey, StoredKey];
    await store.reseal(
      [
        { id: one.id, privateKey: other.privateKey },
        { id: other.id, privateKey: one.privateKey },
      ],
      [],
    );
    await expect(open({ encryptionKey })).rejects.toThrow(/^The signing key .* in the store is damaged\. Restore/);
  });
});

describe('what is damaged is named, and the store is as it was,', () => {
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ type: 'pkcs8', format: 'pem' });

  test.each([
    ['a key that is none', 'nonsense', undefined],
    ['a key that is none, before it is sealed', 'nonsense', 'an encryption key of the operator'],
    ['a key of another algorithm', p384.toString(), undefined],
    ['a sealed key', 'sealed:AAAAAAAAAAA:AAAA', undefined],
    ['a sealed key of no form', 'sealed:', 'an encryption key of the operator'],
  ])('when it is %s', async (_what, privateKey, encryptionKey) => {
    const { id } = (await open()).current();
    await store.reseal([{ id, privateKey }], []);
    const before = await kept();
    await expect(open({ encryptionKey, algorithm: 'RS256' })).rejects.toThrow(StoreError);
    if (!privateKey.startsWith('sealed:A')) {
      const message = `The signing key ${id} in the store is damaged. Restore a backup of the store.`;
      await expect(open({ encryptionKey, algorithm: 'RS256' })).rejects.toThrow(message);
    }
    expect(await kept()).toBe(before);
  });

  test.each(['', 'short', `${'A'.repeat(42)}B`, `${'A'.repeat(43)}=`])('when it is the secret: %p', async (value) => {
    await open();
    await store.reseal([], [{ name: 'opaque-tokens', value }]);
    const before = await kept();
    const encryptionKey = 'an encryption key of the operator';
    await expect(open({ algorithm: 'RS256', encryptionKey })).rejects.toThrow(
      'The secret opaque-tokens in the store is damaged. Restore a backup of the store.',
    );
    expect(await kept()).toBe(before);
  });
});

test('a key signs before and after it was sealed, and the other half of it verifies', async () => {
  const before = (await open()).current();
  const after = (await open({ encryptionKey: 'an encryption key of the operator' })).current();
  const text = Buffer.from('text');
  expect(verify('sha256', text, before.publicKey, sign('sha256', text, after.privateKey))).toBe(true);
});
