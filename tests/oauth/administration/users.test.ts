import type { UsersConfig } from '../../../src/config/users.ts';
import { type Administered, by, createAdministered, keepGrant, principalOf, refusalOf } from './administered.ts';

const ada = { username: 'ada@example.com', password: 'correct horse', roles: ['clerk'], attributes: { name: 'Ada' } };

/** A user who is signed in, with a grant. */
async function withSignedIn() {
  const given = await createAdministered();
  const user = await given.administration.users.add(ada, by);
  const session = { visit: 'v', subject: user.id, roles: [], claims: {}, authTime: given.now };
  const until = { idleUntil: given.now + 3_600, expiresAt: given.now + 3_600 };
  await given.stores.sessions.create({ id: 'browser', ...session, ...until }, given.now);
  const grant = await keepGrant(given, 'g1', { subject: user.id });
  return { given, user, grant };
}

const isSignedIn = async ({ stores, now }: Administered): Promise<boolean> =>
  (await stores.sessions.use('browser', 60, now)) !== undefined;

describe('adding', () => {
  test('keeps a hash of the password, and shows neither', async () => {
    const { administration, stores, hasher, events } = await createAdministered();
    const user = await administration.users.add(ada, by);
    expect(user).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      username: 'ada@example.com',
      roles: ['clerk'],
      attributes: { name: 'Ada' },
      disabled: false,
      createdAt: 1_700_000_000,
    });
    const stored = await stores.users.find(user.id);
    expect(await hasher.verify(ada.password, stored?.passwordHash)).toBe(true);
    const known = JSON.stringify([user, await administration.users.list({ limit: 9 }), await events()]);
    expect(known).not.toContain(ada.password);
    expect(known).not.toContain('scrypt');
    expect(await events()).toEqual([
      {
        type: 'user.added',
        subject: user.id,
        actor: 'ada',
        address: '192.0.2.7',
        detail: 'ada@example.com, roles: clerk',
      },
    ]);
  });

  test('a name is normalised, and unique without regard to case', async () => {
    const { administration } = await createAdministered();
    const user = await administration.users.add({ ...ada, username: 'Zoe\u0308' }, by);
    expect(user.username).toBe('Zo\u00eb');
    expect(await administration.users.find('zo\u00eb')).toEqual(user);
    expect(await administration.users.find(user.id)).toEqual(user);
    const again = await refusalOf(administration.users.add({ ...ada, username: 'ZO\u00cb' }, by));
    expect(again).toMatchObject({
      problem: 'conflict',
      message: 'the username "ZO\u00cb" is taken: choose another one',
    });
  });

  test('of two at once for one name one is added', async () => {
    const { administration } = await createAdministered();
    const tries = await Promise.allSettled([administration.users.add(ada, by), administration.users.add(ada, by)]);
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test.each(['a', 'x'.repeat(100), 'O’Brien', '山田', 'ada+tag@example.com', '1'])(
    '%p is a username',
    async (username) => {
      const { administration } = await createAdministered();
      expect((await administration.users.add({ ...ada, username }, by)).username).toBe(username);
    },
  );

  test.each([
    '',
    'x'.repeat(101),
    'ada lovelace',
    'ada\u00a0l',
    'ada\n',
    'ada\u200b',
    'ada\u202e',
    '\ud800a',
    '.',
    '..',
    '0b8f2c5e-6f3a-4b7e-9a52-0d6f3c1b2a4d',
    7,
  ])('%p is none', async (username) => {
    const { administration } = await createAdministered();
    const { problem, fields } = await refusalOf(administration.users.add({ ...ada, username }, by));
    expect([problem, Object.keys(fields!)]).toEqual(['invalid', ['username']]);
  });

  test.each(['nine char', 'x'.repeat(257), 'lone surrogate \ud800', 1_234_567_890, undefined])(
    'the password %p is refused, and not repeated',
    async (password) => {
      const { administration } = await createAdministered();
      const { message, fields } = await refusalOf(administration.users.add({ ...ada, password }, by));
      expect(fields).toEqual({ password: 'a password has 10 to 256 characters' });
      expect(message).not.toContain(String(password));
    },
  );

  test.each<[string, unknown]>([
    ['roles', 'clerk'],
    ['roles', Array.from({ length: 33 }, (_, index) => `role-${index}`)],
    ['roles[0]', ['']],
    ['roles[1]', ['fine', 'not fine']],
    ['attributes', []],
    ['attributes', { biography: 'x'.repeat(9_000) }],
    ['attributes.deep', { deep: { deeper: { deepest: 1 } } }],
    ['attributes.nothing', { nothing: null }],
  ])('%s: %j is refused', async (path, value) => {
    const { administration } = await createAdministered();
    const member = path.replace(/\W.*/, '');
    const { problem, fields } = await refusalOf(administration.users.add({ ...ada, [member]: value }, by));
    expect([problem, Object.keys(fields!)]).toEqual(['invalid', [path]]);
  });

  test('everything that is wrong is said at once', async () => {
    const { administration } = await createAdministered();
    const { fields } = await refusalOf(
      administration.users.add({ username: '', password: 'x', roles: 1, id: 'mine' }, by),
    );
    expect(Object.keys(fields!).sort()).toEqual(['id', 'password', 'roles', 'username']);
  });

  test('a role that is named twice counts once', async () => {
    const { administration } = await createAdministered();
    expect((await administration.users.add({ ...ada, roles: ['a', 'b', 'a'] }, by)).roles).toEqual(['a', 'b']);
  });
});

test('they are listed in parts, by username', async () => {
  const { administration } = await createAdministered();
  for (const username of ['carol', 'ada', 'bob']) await administration.users.add({ ...ada, username }, by);
  const names = async (page: { limit: number; after?: string }) =>
    (await administration.users.list(page)).map(({ username }) => username);
  expect(await names({ limit: 2 })).toEqual(['ada', 'bob']);
  expect(await names({ limit: 2, after: 'bob' })).toEqual(['carol']);
});

describe('whoever is changed is signed out everywhere', () => {
  type Change = ({ administration }: Administered, user: string) => Promise<unknown>;
  test.each<[string, Change, string]>([
    ['disabled', ({ administration: { users } }, user) => users.setDisabled(user, true, by), 'disabled'],
    ['password', ({ administration: { users } }, user) => users.setPassword(user, 'another password', by), 'password'],
    ['roles', ({ administration: { users } }, user) => users.setRoles(user, ['admin'], by), 'roles: admin'],
  ])('%s', async (_, change, detail) => {
    const { given, user, grant } = await withSignedIn();
    const other = await keepGrant(given, 'g2', { subject: 'somebody else' });
    await change(given, 'ADA@example.com');
    expect(await isSignedIn(given)).toBe(false);
    expect(given.revocations.covers(principalOf(grant))).toBe(true);
    expect(given.revocations.covers(principalOf(other))).toBe(false);
    expect((await given.stores.grants.list({}, { limit: 9 }, given.now)).map(({ id }) => id)).toEqual(['g2']);
    const events = await given.events();
    expect(events.at(-1)).toEqual({
      type: 'user.changed',
      subject: user.id,
      actor: 'ada',
      address: '192.0.2.7',
      detail,
    });
    expect(events.at(-2)).toMatchObject({ type: 'grant.revoked', subject: user.id });
  });

  test('not one who is enabled again', async () => {
    const { given, grant } = await withSignedIn();
    const user = await given.administration.users.setDisabled('ada@example.com', false, by);
    expect([user.disabled, await isSignedIn(given), given.revocations.covers(principalOf(grant))]).toEqual([
      false,
      true,
      false,
    ]);
    expect((await given.events()).at(-1)?.detail).toBe('enabled');
  });
});

test('the new password counts, and the old one no longer', async () => {
  const { given, user } = await withSignedIn();
  await given.administration.users.setPassword(user.id, 'another password', by);
  const { passwordHash } = (await given.stores.users.find(user.id))!;
  expect(await given.hasher.verify('another password', passwordHash)).toBe(true);
  expect(await given.hasher.verify(ada.password, passwordHash)).toBe(false);
  expect(JSON.stringify(await given.events())).not.toContain('another password');
});

test('a change that is refused changes nothing', async () => {
  const { given, user } = await withSignedIn();
  const { users } = given.administration;
  const before = await given.stores.users.find(user.id);
  const refusals = await Promise.all([
    refusalOf(users.setPassword(user.id, 'short', by)),
    refusalOf(users.setRoles(user.id, ['not fine'], by)),
    refusalOf(users.setDisabled('nobody', true, by)),
    refusalOf(users.setPassword('nobody', 'long enough', by)),
    refusalOf(users.find('nobody')),
  ]);
  expect(refusals.map(({ problem, fields }) => [problem, Object.keys(fields!)])).toEqual([
    ['invalid', ['password']],
    ['invalid', ['roles[0]']],
    ['not-found', []],
    ['not-found', []],
    ['not-found', []],
  ]);
  expect(await given.stores.users.find(user.id)).toEqual(before);
  expect(await isSignedIn(given)).toBe(true);
});

const elsewhere: UsersConfig = {
  use: 'http',
  with: {
    url: 'https://users.example',
    secret: 's'.repeat(32),
    verify: '/credentials/verify',
    timeout: 2_000,
  },
  roles: 'roles',
  claims: {},
  scopes: {},
};

test.each<[string, UsersConfig | undefined, string]>([
  ['nowhere', undefined, 'this gateway has no users: write oauth.users'],
  ['in a users service', elsewhere, 'the users of this gateway live in a users service'],
])('users who live %s cannot be changed here', async (_, users, message) => {
  const { administration, stores } = await createAdministered({ users });
  const refusals = await Promise.all([
    refusalOf(administration.users.list({ limit: 1 })),
    refusalOf(administration.users.find('ada')),
    refusalOf(administration.users.add(ada, by)),
    refusalOf(administration.users.setDisabled('ada', true, by)),
    refusalOf(administration.users.setPassword('ada', 'long enough', by)),
    refusalOf(administration.users.setRoles('ada', [], by)),
  ]);
  for (const refusal of refusals) {
    expect(refusal).toMatchObject({ problem: 'unsupported', message: expect.stringContaining(message) });
  }
  expect(await stores.users.list({ limit: 9 })).toEqual([]);
});
