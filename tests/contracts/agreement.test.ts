import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { StoredKey } from '../../src/stores/key-store.ts';
import { openStores } from '../../src/stores/open-stores.ts';
import type { Stores } from '../../src/stores/stores.ts';
import { now } from './describe-stores.ts';
import { makeCode, makeGrant } from './make-grant.ts';

/** What happened so far. */
class Story {
  at = now;
  readonly #made: Record<'grant' | 'token' | 'key', string[]> = { grant: [], token: [], key: [] };

  make(kind: 'grant' | 'token' | 'key'): string {
    const id = `${kind}-${String(this.#made[kind].length).padStart(3, '0')}`;
    this.#made[kind].push(id);
    return id;
  }

  /** One that was made: 0 is the newest. */
  pick(kind: 'grant' | 'token' | 'key', back: number): string {
    return this.#made[kind].at(-1 - back) ?? 'unknown';
  }

  key(algorithm: StoredKey['algorithm'], activeFrom: number): StoredKey {
    const id = this.make('key');
    return { id, algorithm, privateKey: id, createdAt: this.at, activeFrom, removedFrom: undefined };
  }
}

/** What all stores are asked to do next. */
type Step = (story: Story) => (stores: Stores) => Promise<unknown>;

const newest = fc.constantFrom(0, 0, 0, 1, 2);
const subject = fc.constantFrom('u1', 'u2');
const clientId = fc.constantFrom('storefront', 'storefront', 'storefront', 'shop');
const algorithm = fc.constantFrom('RS256' as const, 'ES256' as const);
const filter = fc.record({ subject, clientId }, { requiredKeys: [] });

const createGrant = fc
  .tuple(fc.record({ clientId, subject }), fc.integer({ min: 1, max: 90 }))
  .map<Step>(([more, lives]) => (story) => {
    const { at } = story;
    const id = story.make('grant');
    const grant = makeGrant(id, { ...more, createdAt: Math.floor(at), expiresAt: at + lives });
    const code = makeCode(`code of ${id}`, id, { expiresAt: at + 20 });
    const token = { id: story.make('token'), grantId: id, expiresAt: at + 60 };
    return async ({ grants }) => {
      await grants.create(grant, code, at);
      return grants.addRefresh(token, at);
    };
  });

const consumeCode = fc.tuple(newest, clientId).map<Step>(([back, client]) => (story) => {
  const { at } = story;
  const id = `code of ${story.pick('grant', back)}`;
  return ({ grants }) => grants.consumeCode(id, client, at);
});

const addRefresh = fc.tuple(newest, fc.nat(60)).map<Step>(([back, lives]) => (story) => {
  const { at } = story;
  const token = { id: story.make('token'), grantId: story.pick('grant', back), expiresAt: at + lives };
  return ({ grants }) => grants.addRefresh(token, at);
});

/** Tokens of one family: `token-000`, then `token-000'`, then `token-000''`. */
const generation = fc.constantFrom('', '', "'", "''");

const rotateRefresh = fc
  .tuple(newest, generation, clientId, fc.nat(10), fc.integer({ min: 1, max: 60 }))
  .map<Step>(([back, primes, client, grace, lives]) => (story) => {
    const { at } = story;
    const id = `${story.pick('token', back)}${primes}`;
    const successor = { id: `${id}'`, expiresAt: at + lives };
    return ({ grants }) => grants.rotateRefresh(id, client, successor, grace, at);
  });

const findByRefresh = fc.tuple(newest, generation).map<Step>(([back, primes]) => (story) => {
  const { at } = story;
  const id = `${story.pick('token', back)}${primes}`;
  return ({ grants }) => grants.findByRefresh(id, at);
});

const revoke = newest.map<Step>((back) => (story) => {
  const { at } = story;
  const id = story.pick('grant', back);
  return ({ grants }) => grants.revoke(id, at);
});

const revokeAll = filter.map<Step>(
  (which) =>
    ({ at }) =>
    ({ grants }) =>
      grants.revokeAll(which, at),
);

const list = fc
  .tuple(filter, fc.integer({ min: 1, max: 3 }), fc.option(newest))
  .map<Step>(([which, limit, back]) => (story) => {
    const { at } = story;
    const page = back === null ? { limit } : { limit, after: story.pick('grant', back) };
    return ({ grants }) => grants.list(which, page, at);
  });

const createFirstKey = algorithm.map<Step>((kind) => (story) => {
  const key = story.key(kind, story.at);
  return ({ keys }) => keys.createFirst(key);
});

const rotateKey = fc.tuple(algorithm, fc.nat(20)).map<Step>(([kind, waits]) => (story) => {
  const { at } = story;
  const key = story.key(kind, at + waits);
  return ({ keys }) => keys.rotate(key, at + waits + 20, at);
});

const dropKey = fc.tuple(algorithm, newest).map<Step>(([kind, back]) => (story) => {
  const id = story.pick('key', back);
  const replacement = story.key(kind, story.at);
  return ({ keys }) => keys.drop(id, replacement);
});

const forgetRemoved = fc.constant<Step>(
  ({ at }) =>
    ({ keys }) =>
      keys.forgetRemoved(at),
);

const often = [
  rotateRefresh,
  createGrant,
  consumeCode,
  addRefresh,
  rotateRefresh,
  findByRefresh,
  list,
  rotateKey,
  dropKey,
];
const rarely = [revoke, revokeAll, createFirstKey, forgetRemoved];
const step = fc.oneof(
  ...often.map((arbitrary) => ({ arbitrary, weight: 4 })),
  ...rarely.map((arbitrary) => ({ arbitrary, weight: 1 })),
);

test('all implementations give the same answers, whatever they are asked', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'garita-agreement-'));
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, fc.nat(6)), { minLength: 50, maxLength: 200 }), async (told) => {
      const memory = await openStores({ use: 'memory' });
      const sqlite = await openStores({ use: 'sqlite', with: { file: join(folder, `${runs++}.db`) } });
      try {
        const story = new Story();
        for (const [next, passed] of told) {
          story.at += passed / 4;
          const ask = next(story);
          expect(await ask(sqlite)).toEqual(await ask(memory));
          expect(await sqlite.keys.list()).toEqual(await memory.keys.list());
        }
      } finally {
        await sqlite.close();
      }
    }),
    { numRuns: 20 },
  );
  await rm(folder, { recursive: true });
});
