import { createAudit } from '../../../src/oauth/audit.ts';
import { createSignIn } from '../../../src/oauth/users/create-sign-in.ts';
import type { Authentication, UserDirectory } from '../../../src/oauth/users/user-directory.ts';
import { createMemoryAuditStore } from '../../../src/stores/memory/memory-audit-store.ts';
import { StoreError } from '../../../src/stores/store-error.ts';
import { createRecordedLog } from './record-log.ts';

const user = { subject: 'u1', roles: [], claims: {} };
const unavailable: Authentication = { outcome: 'unavailable', retryAfter: 7, reason: 'the users service answers 500' };

/** Knows ada with the password `right`; other things are right only for tests. */
function answer(username: string, password: string): Authentication {
  if (password === 'dead') return unavailable;
  if (password === 'broken') throw new StoreError('the disk is full');
  if (username !== 'ada' || password !== 'right') return { outcome: password === 'retired' ? 'disabled' : 'wrong' };
  return { outcome: 'ok', user };
}

function open() {
  const time = { now: 0 };
  const asked: string[] = [];
  const directory: UserDirectory = {
    async authenticate(username, password) {
      asked.push(username);
      return answer(username, password);
    },
    find: async () => ({ outcome: 'unknown' }),
  };
  const store = createMemoryAuditStore();
  const { log, lines } = createRecordedLog();
  const audit = createAudit({ store, keep: 1_000, clock: () => 1_700_000_000 });
  const signIn = createSignIn({ directory, audit, clock: () => time.now, log });
  const attempt = (username: string, password: string, address = '192.0.2.1') =>
    signIn({ username, password, address, clientId: 'storefront' });
  const events = async () =>
    (await store.query({}, { limit: 1_000 })).toReversed().map(({ id: _, at: __, ...event }) => event);
  return { attempt, asked, time, events, lines };
}

const from = { address: '192.0.2.1', clientId: 'storefront' };

test('who is right is signed in, and the audit says who, where and from where', async () => {
  const { attempt, asked, events } = open();
  expect(await attempt(' ada ', 'right')).toEqual({ outcome: 'ok', user });
  expect(asked).toEqual(['ada']);
  expect(await events()).toEqual([{ type: 'user.signed-in', actor: 'u1', subject: 'u1', ...from }]);
});

test('a refusal is in the audit without what was typed, for it may be a password', async () => {
  const { attempt, events } = open();
  expect(await attempt('my-password', 'oops')).toEqual({ outcome: 'wrong' });
  expect(await attempt('ada', 'wrong')).toEqual({ outcome: 'wrong' });
  const refused = { type: 'user.refused', detail: 'wrong username or password', ...from };
  expect(await events()).toEqual([refused, refused]);
});

test('of an account that is disabled, the audit has the name', async () => {
  const { attempt, events } = open();
  expect(await attempt('eva', 'retired')).toEqual({ outcome: 'disabled' });
  expect(await events()).toEqual([{ type: 'user.refused', detail: 'the account eva is disabled', ...from }]);
});

test('what cannot be told is logged; it is no refusal and counts for nothing', async () => {
  const { attempt, events, lines } = open();
  for (let i = 0; i < 10; i += 1) {
    expect(await attempt('ada', 'dead')).toEqual({ outcome: 'unavailable', retryAfter: 7 });
    await expect(attempt('ada', 'broken')).rejects.toThrow(StoreError);
  }
  expect(await attempt('ada', 'right')).toMatchObject({ outcome: 'ok' });
  expect(lines).toHaveLength(10);
  expect(lines[0]).toMatchObject({ level: 'warn', fields: { reason: unavailable.reason, ...from } });
  expect(await events()).toHaveLength(1);
});

test('who guesses has to wait before the directory is asked again, and once only it is in the audit', async () => {
  const { attempt, asked, time, events } = open();
  const results = await Promise.all(Array.from({ length: 100 }, (_, i) => attempt('ada', `guess-${i}`)));
  expect(results.filter(({ outcome }) => outcome === 'wrong')).toHaveLength(5);
  expect(results.filter(({ outcome }) => outcome === 'throttled')).toHaveLength(95);
  expect(asked).toHaveLength(5);
  expect(await attempt('ada', 'right')).toEqual({ outcome: 'throttled', retryAfter: 1 });
  expect(await events()).toHaveLength(5);
  expect((await events())[4]!.detail).toBe('wrong username or password; the next attempt waits 1 s');

  time.now += 1;
  expect(await attempt('ada', 'right')).toEqual({ outcome: 'ok', user });
});

test('the owner signs in from home while others guess from everywhere', async () => {
  const { attempt } = open();
  await attempt('ada', 'right', '198.51.100.1');
  for (let i = 0; i < 20; i += 1) await attempt('ada', 'wrong', `203.0.113.${i}`);
  expect(await attempt('ada', 'right', '203.0.113.99')).toEqual({ outcome: 'throttled', retryAfter: 1 });
  expect(await attempt('ada', 'right', '198.51.100.1')).toMatchObject({ outcome: 'ok' });
});

test.each([
  ['', 'right'],
  ['   ', 'right'],
  ['ada', ''],
  ['ada', 'x'.repeat(257)],
  ['x'.repeat(257), 'right'],
])('nobody is asked about what cannot be right: %j, %j', async (username, password) => {
  const { attempt, asked } = open();
  expect(await attempt(username, password)).toEqual({ outcome: 'wrong' });
  expect(asked).toEqual([]);
});
