import type { StoredSession } from '../../src/stores/session-store.ts';
import { describeStores, now } from './describe-stores.ts';

const session = (id: string, subject = 'u1'): StoredSession => ({
  id,
  visit: `visit of ${id}`,
  subject,
  roles: ['buyer'],
  claims: { name: 'Ada', address: { city: 'Málaga' } },
  authTime: now - 1,
  idleUntil: now + 100,
  expiresAt: now + 250,
});

describeStores('the session store', (stores) => {
  test('gives back what it was given, and lets it live on', async () => {
    const { sessions } = stores();
    await sessions.create(session('a'), now);
    expect(await sessions.use('a', 10, now)).toEqual(session('a'));
    expect(await sessions.use('a', 100, now + 50)).toEqual({ ...session('a'), idleUntil: now + 150 });
    expect(await sessions.use('a', 100, now + 149.9)).toEqual({ ...session('a'), idleUntil: now + 249.9 });
  });

  test('ends with its idle time', async () => {
    const { sessions } = stores();
    await sessions.create(session('a'), now);
    expect(await sessions.use('a', 100, now + 100)).toBeUndefined();
  });

  test('never outlives its end', async () => {
    const { sessions } = stores();
    await sessions.create(session('a'), now);
    expect(await sessions.use('a', 1_000, now + 99)).toEqual({ ...session('a'), idleUntil: now + 250 });
    expect(await sessions.use('a', 1_000, now + 249.9)).toEqual({ ...session('a'), idleUntil: now + 250 });
    expect(await sessions.use('a', 1_000, now + 250)).toBeUndefined();
  });

  test('ends with its end, also when it was to idle for longer', async () => {
    const { sessions } = stores();
    await sessions.create({ ...session('a'), idleUntil: now + 999 }, now);
    expect(await sessions.use('a', 1, now + 250)).toBeUndefined();
    expect(await sessions.use('a', 1, now + 249)).toEqual({ ...session('a'), idleUntil: now + 250 });
  });

  test('ends when it is ended, once', async () => {
    const { sessions } = stores();
    await sessions.create(session('a'), now);
    await sessions.create(session('b'), now);
    expect(await Promise.all([sessions.end('a'), sessions.end('a'), sessions.end('c')])).toEqual([true, false, false]);
    expect(await sessions.use('a', 100, now)).toBeUndefined();
    expect(await sessions.use('b', 0, now)).toEqual(session('b'));
  });

  test('ends with all others of its user', async () => {
    const { sessions } = stores();
    for (const id of ['a', 'b']) await sessions.create(session(id), now);
    await sessions.create(session('c', 'u2'), now);
    expect(await sessions.endAll('u1')).toBe(2);
    expect(await sessions.endAll('u1')).toBe(0);
    expect(await sessions.use('a', 0, now)).toBeUndefined();
    expect(await sessions.use('c', 0, now)).toEqual(session('c', 'u2'));
  });

  test('ends with everybody else’s', async () => {
    const { sessions } = stores();
    await sessions.create(session('a'), now);
    await sessions.create(session('b', 'u2'), now);
    expect(await sessions.endAll()).toBe(2);
    expect(await sessions.use('b', 0, now)).toBeUndefined();
  });
});
