import type { Revocation } from '../../../src/stores/revocation-store.ts';
import { StoreError } from '../../../src/stores/store-error.ts';
import { by, createAdministered, keepGrant, principalOf, refusalOf } from './administered.ts';

async function withTwoGrants() {
  const given = await createAdministered();
  const one = await keepGrant(given, 'g1');
  const two = await keepGrant(given, 'g2', { subject: 'user-2', clientId: 'other' });
  const times = { authTime: given.now, idleUntil: given.now + 60, expiresAt: given.now + 60 };
  for (const subject of ['user-1', 'user-2']) {
    await given.stores.sessions.create(
      { id: `of ${subject}`, visit: 'v', subject, roles: [], claims: {}, ...times },
      given.now,
    );
  }
  const live = async () => (await given.stores.grants.list({}, { limit: 9 }, given.now)).map(({ id }) => id).sort();
  const session = async (subject: string) =>
    (await given.stores.sessions.use(`of ${subject}`, 60, given.now)) !== undefined;
  return { given, one, two, live, session };
}

describe('what is taken back, with all that could renew it', () => {
  test.each<
    [Revocation, { tokens: [boolean, boolean]; grants: string[]; sessions: [boolean, boolean]; about: object }]
  >([
    [
      { level: 'token', id: 'token of g1' },
      {
        tokens: [true, false],
        grants: ['g1', 'g2'],
        sessions: [true, true],
        about: { detail: 'token, jti token of g1' },
      },
    ],
    [
      { level: 'grant', id: 'g1' },
      { tokens: [true, false], grants: ['g2'], sessions: [true, true], about: { detail: 'grant', grantId: 'g1' } },
    ],
    [
      { level: 'user', id: 'user-1' },
      { tokens: [true, false], grants: ['g2'], sessions: [false, true], about: { detail: 'user', subject: 'user-1' } },
    ],
    [
      { level: 'client', id: 'storefront' },
      {
        tokens: [true, false],
        grants: ['g2'],
        sessions: [true, true],
        about: { detail: 'client', clientId: 'storefront' },
      },
    ],
    [
      { level: 'everything' },
      { tokens: [true, true], grants: [], sessions: [false, false], about: { detail: 'everything' } },
    ],
  ])('%j', async (revocation, expected) => {
    const { given, one, two, live, session } = await withTwoGrants();
    await given.administration.revocations.revoke(revocation, by);
    expect([one, two].map((grant) => given.revocations.covers(principalOf(grant)))).toEqual(expected.tokens);
    expect(await live()).toEqual(expected.grants);
    expect([await session('user-1'), await session('user-2')]).toEqual(expected.sessions);
    expect((await given.events()).at(-1)).toEqual({
      type: 'tokens.revoked',
      actor: 'ada',
      address: '192.0.2.7',
      ...expected.about,
    });
    expect(await given.administration.revocations.list()).toContainEqual({
      ...revocation,
      until: given.now + 15 * 60 + 30,
    });
  });
});

test('a grant that is over may still have access tokens: they are revoked', async () => {
  const { given, one } = await withTwoGrants();
  given.now = one.expiresAt + 1;
  await given.administration.revocations.revoke({ level: 'grant', id: 'g1' }, by);
  expect(given.revocations.covers(principalOf(one))).toBe(true);
});

test.each<[unknown, string]>([
  [{ level: 'planet' }, 'level'],
  [{ level: 'user' }, 'id'],
  [{ level: 'user', id: '' }, 'id'],
  [{ level: 'client', id: ['a'] }, 'id'],
  [{ level: 'everything', id: 'x' }, 'id'],
  ['everything', ''],
  [undefined, ''],
])('%j is refused', async (input, path) => {
  const { administration, events } = await createAdministered();
  const { problem, fields } = await refusalOf(administration.revocations.revoke(input as Revocation, by));
  expect([problem, Object.keys(fields!)]).toEqual(['invalid', [path]]);
  expect(await events()).toEqual([]);
});

test('a revocation that cannot be kept is not acknowledged', async () => {
  const revocations = {
    append: () => Promise.reject(new StoreError('the disk is full')),
    live: async () => [],
  };
  const { administration, events } = await createAdministered({ stores: { revocations } });
  await expect(administration.revocations.revoke({ level: 'user', id: 'ada' }, by)).rejects.toThrow('the disk is full');
  expect(await events()).toEqual([]);
});

describe('grants', () => {
  test('are listed without what is only for tokens', async () => {
    const { given } = await withTwoGrants();
    const list = await given.administration.grants.list({ clientId: 'storefront' }, { limit: 9 });
    expect(list).toEqual([
      {
        id: 'g1',
        subject: 'user-1',
        clientId: 'storefront',
        scopes: ['customers:read'],
        audience: 'https://api.example',
        authTime: given.now,
        createdAt: given.now,
        expiresAt: given.now + 86_400,
      },
    ]);
  });

  test('are revoked one by one', async () => {
    const { given, one, two, live } = await withTwoGrants();
    await given.administration.grants.revoke('g1', by);
    expect(await live()).toEqual(['g2']);
    expect([one, two].map((grant) => given.revocations.covers(principalOf(grant)))).toEqual([true, false]);
    expect(await given.events()).toEqual([
      {
        type: 'grant.revoked',
        subject: 'user-1',
        clientId: 'storefront',
        grantId: 'g1',
        actor: 'ada',
        address: '192.0.2.7',
        detail: 'by an operator',
      },
    ]);
    expect(await refusalOf(given.administration.grants.revoke('g3', by))).toMatchObject({ problem: 'not-found' });
  });
});
