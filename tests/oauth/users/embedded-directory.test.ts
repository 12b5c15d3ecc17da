import { createEmbeddedDirectory } from '../../../src/oauth/users/embedded-directory.ts';
import { createPasswordHasher, type PasswordHasher } from '../../../src/oauth/users/password-hasher.ts';
import { createMemoryUserStore } from '../../../src/stores/memory/memory-user-store.ts';
import type { StoredUser, UserStore } from '../../../src/stores/user-store.ts';

const cheap = createPasswordHasher({ cost: { ln: 4, r: 8, p: 1 } });
const dearer = createPasswordHasher({ cost: { ln: 5, r: 8, p: 1 } });
const mapping = { roles: 'roles', claims: { name: 'name', preferred_username: 'preferred_username' } };

async function open({ user = {}, hasher = cheap }: { user?: Partial<StoredUser>; hasher?: PasswordHasher } = {}) {
  const users = createMemoryUserStore();
  await users.add({
    id: 'u1',
    username: 'Ada',
    passwordHash: await cheap.hash('right'),
    roles: ['support'],
    attributes: { name: 'Ada Lovelace', email: 'ada@example.com' },
    disabled: false,
    createdAt: 0,
    ...user,
  });
  return { users, directory: createEmbeddedDirectory({ users, hasher, mapping }) };
}

const ada = {
  outcome: 'ok',
  user: { subject: 'u1', roles: ['support'], claims: { name: 'Ada Lovelace', preferred_username: 'Ada' } },
};

test('a user signs in, whatever the case of the username, and is found again', async () => {
  const { directory } = await open();
  expect(await directory.authenticate('ada', 'right')).toEqual(ada);
  expect(await directory.find('u1')).toEqual(ada);
});

test('a wrong password and an unknown user are told apart by nobody', async () => {
  const { directory } = await open();
  expect(await directory.authenticate('ada', 'wrong')).toEqual({ outcome: 'wrong' });
  expect(await directory.authenticate('eva', 'right')).toEqual({ outcome: 'wrong' });
  expect(await directory.find('u2')).toEqual({ outcome: 'gone' });
});

test('that an account is disabled is told only to who knows its password', async () => {
  const { directory } = await open({ user: { disabled: true } });
  expect(await directory.authenticate('ada', 'wrong')).toEqual({ outcome: 'wrong' });
  expect(await directory.authenticate('ada', 'right')).toEqual({ outcome: 'disabled' });
  expect(await directory.find('u1')).toEqual({ outcome: 'gone' });
});

test('attributes do not pass for the username or the roles', async () => {
  const { directory } = await open({ user: { attributes: { roles: ['admin'], preferred_username: 'root' } } });
  expect(await directory.find('u1')).toEqual({
    outcome: 'ok',
    user: { subject: 'u1', roles: ['support'], claims: { preferred_username: 'Ada' } },
  });
});

test('a hash of another cost is made anew with the password that was right, and no other', async () => {
  const { users, directory } = await open({ hasher: dearer });
  await directory.authenticate('ada', 'wrong');
  expect(cheap.needsRehash((await users.find('u1'))!.passwordHash)).toBe(false);
  expect(await directory.authenticate('ada', 'right')).toEqual(ada);
  const { passwordHash } = (await users.find('u1'))!;
  expect(dearer.needsRehash(passwordHash)).toBe(false);
  expect(await directory.authenticate('ada', 'right')).toEqual(ada);
  expect((await users.find('u1'))!.passwordHash).toBe(passwordHash);
});

test('a password that is set while the old one is hashed anew, until the very last moment, holds', async () => {
  const { users } = await open();
  const late: UserStore = {
    ...users,
    async replaceHash(...replacement) {
      await users.change('u1', { passwordHash: await dearer.hash('new') });
      return users.replaceHash(...replacement);
    },
  };
  const directory = createEmbeddedDirectory({ users: late, hasher: dearer, mapping });
  await directory.authenticate('ada', 'right');
  expect(await directory.authenticate('ada', 'right')).toEqual({ outcome: 'wrong' });
  expect(await directory.authenticate('ada', 'new')).toEqual(ada);
});

test('when too many passwords are being checked, it says so', async () => {
  const { directory } = await open({
    hasher: createPasswordHasher({ cost: { ln: 4, r: 8, p: 1 }, atOnce: 1, waitingAtMost: 0 }),
  });
  const answers = await Promise.all([directory.authenticate('ada', 'right'), directory.authenticate('ada', 'right')]);
  expect(answers).toContainEqual(ada);
  expect(answers).toContainEqual({ outcome: 'unavailable', retryAfter: 2, reason: expect.any(String) });
});

test('who is right signs in, though there is no time to hash the password anew', async () => {
  const busy = createPasswordHasher({ cost: { ln: 5, r: 8, p: 1 }, atOnce: 1, waitingAtMost: 0 });
  let blocking: Promise<string> | undefined;
  const hasher: PasswordHasher = {
    ...busy,
    needsRehash(phc) {
      blocking = busy.hash('of somebody else');
      return busy.needsRehash(phc);
    },
  };
  const { users, directory } = await open({ hasher });
  expect(await directory.authenticate('ada', 'right')).toEqual(ada);
  await blocking;
  expect(cheap.needsRehash((await users.find('u1'))!.passwordHash)).toBe(false);
});

test('a user whose attributes do not fit into a token cannot sign in, and the reason is told', async () => {
  const { directory } = await open({ user: { attributes: { name: 'x'.repeat(4_000) } } });
  expect(await directory.authenticate('ada', 'right')).toMatchObject({
    outcome: 'unavailable',
    reason: expect.stringContaining('u1'),
  });
});
