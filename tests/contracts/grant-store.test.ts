import type { GrantFilter } from '../../src/stores/grant-store.ts';
import { describeStores, now } from './describe-stores.ts';
import { makeCode, makeGrant } from './make-grant.ts';

const missing = { outcome: 'missing' };
const fifty = Array.from({ length: 50 }, (_, n) => n);

describeStores('the grant store: grants', (stores) => {
  const ids = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id);

  test('are given back as they were, until they are over', async () => {
    const { grants } = stores();
    const full = makeGrant('g1', { session: 's1', claims: { a: [1, { b: null }] }, scopes: [], roles: [] });
    await grants.create(full, undefined, now);
    expect(await grants.find('g1', now + 3_599)).toEqual(full);
    expect(await grants.find('g1', now + 3_600)).toBeUndefined();
    expect(await grants.find('g2', now)).toBeUndefined();
  });

  test('are revoked once, and found nevertheless', async () => {
    const { grants } = stores();
    await grants.create(makeGrant('g1'), undefined, now);
    expect(await Promise.all(fifty.map(() => grants.revoke('g1', now + 1)))).toEqual(fifty.map((n) => n === 0));
    expect(await grants.find('g1', now + 2)).toEqual(makeGrant('g1', { revokedAt: now + 1 }));
    expect(await grants.revoke('unknown', now)).toBe(false);
  });

  test('are not revoked when they are over', async () => {
    const { grants } = stores();
    await grants.create(makeGrant('g1'), undefined, now);
    expect(await grants.revoke('g1', now + 3_600)).toBe(false);
    expect(await grants.revokeAll({}, now + 3_600)).toEqual([]);
    expect(await grants.list({}, { limit: 10 }, now + 3_600)).toEqual([]);
  });

  const filters: [GrantFilter, string[]][] = [
    [{}, ['d', 'c', 'b', 'a']],
    [{ subject: 'u1' }, ['b', 'a']],
    [{ clientId: 'shop' }, ['c', 'a']],
    [{ session: 's1' }, ['d', 'a']],
    [{ subject: 'u1', clientId: 'shop' }, ['a']],
    [{ subject: 'u1', clientId: 'shop', session: 's2' }, []],
  ];
  const createFour = async () => {
    const { grants } = stores();
    await grants.create(makeGrant('a', { clientId: 'shop', session: 's1', createdAt: now - 3 }), undefined, now);
    await grants.create(makeGrant('b', { createdAt: now - 2 }), undefined, now);
    await grants.create(makeGrant('c', { subject: 'u2', clientId: 'shop', createdAt: now - 1 }), undefined, now);
    await grants.create(makeGrant('d', { subject: 'u2', session: 's1' }), undefined, now);
    for (const over of ['e', 'f']) {
      await grants.create(makeGrant(over, { expiresAt: now + Number(over === 'f') }), undefined, now);
    }
    await grants.revoke('f', now);
  };

  test.each(filters)('that fit %j are listed while they live', async (filter, found) => {
    await createFour();
    expect(ids(await stores().grants.list(filter, { limit: 10 }, now))).toEqual(found);
  });

  test.each(filters)('that fit %j are revoked, and no others', async (filter, found) => {
    await createFour();
    const { grants } = stores();
    const revoked = await grants.revokeAll(filter, now);
    expect(ids(revoked)).toEqual(found);
    expect(revoked.every(({ revokedAt }) => revokedAt === now)).toBe(true);
    expect(ids(await grants.list({}, { limit: 10 }, now))).toEqual(
      ['d', 'c', 'b', 'a'].filter((id) => !found.includes(id)),
    );
    expect(await grants.revokeAll(filter, now)).toEqual([]);
  });

  test('are listed page by page, also when the last one of a page is revoked meanwhile', async () => {
    const { grants } = stores();
    for (const id of ['a', 'b', 'c', 'd', 'e']) await grants.create(makeGrant(id), undefined, now);
    expect(ids(await grants.list({}, { limit: 2 }, now))).toEqual(['e', 'd']);
    await grants.revoke('d', now);
    expect(ids(await grants.list({}, { limit: 2, after: 'd' }, now))).toEqual(['c', 'b']);
    expect(ids(await grants.list({}, { limit: 2, after: 'b' }, now))).toEqual(['a']);
    expect(ids(await grants.list({}, { limit: 2, after: 'unknown' }, now))).toEqual([]);
  });
});

describeStores('the grant store: codes', (stores) => {
  beforeEach(() => stores().grants.create(makeGrant('g1'), makeCode('c1', 'g1'), now));

  test('are used by their client', async () => {
    const consumed = await stores().grants.consumeCode('c1', 'storefront', now + 59);
    expect(consumed).toEqual({ outcome: 'ok', code: makeCode('c1', 'g1'), grant: makeGrant('g1') });
  });

  test('that nobody uses end their grant with them: it would be in the way for weeks', async () => {
    const { grants } = stores();
    expect(await grants.find('g1', now + 59)).toMatchObject({ id: 'g1' });
    expect(await grants.find('g1', now + 60)).toBeUndefined();
    expect(await grants.list({}, { limit: 10 }, now + 60)).toEqual([]);
    await grants.consumeCode('c1', 'storefront', now + 59);
    expect(await grants.find('g1', now + 3_599)).toEqual(makeGrant('g1'));
  });

  test('need neither redirect URI nor challenge', async () => {
    const { grants } = stores();
    const bare = makeCode('c2', 'g2', { redirectUri: undefined, codeChallenge: undefined });
    await grants.create(makeGrant('g2'), bare, now);
    expect(await grants.consumeCode('c2', 'storefront', now)).toEqual({
      outcome: 'ok',
      code: bare,
      grant: makeGrant('g2'),
    });
  });

  test('are over after their time', async () => {
    expect(await stores().grants.consumeCode('c1', 'storefront', now + 60)).toEqual(missing);
  });

  test('of another client are missing, and nothing happens, used or not', async () => {
    const { grants } = stores();
    expect(await grants.consumeCode('c1', 'other', now)).toEqual(missing);
    expect(await grants.consumeCode('c2', 'storefront', now)).toEqual(missing);
    expect(await grants.consumeCode('c1', 'storefront', now)).toMatchObject({ outcome: 'ok' });
    expect(await grants.consumeCode('c1', 'other', now)).toEqual(missing);
    expect((await grants.find('g1', now))?.revokedAt).toBeUndefined();
  });

  test('used again revoke their grant and its refresh tokens', async () => {
    const { grants } = stores();
    await grants.consumeCode('c1', 'storefront', now + 1);
    await grants.addRefresh({ id: 'r1', grantId: 'g1', expiresAt: now + 600 }, now + 1);
    expect(await grants.consumeCode('c1', 'storefront', now + 3.5)).toEqual({
      outcome: 'replayed',
      grant: makeGrant('g1', { revokedAt: now + 3.5 }),
      age: 2.5,
    });
    expect(await grants.rotateRefresh('r1', 'storefront', { id: 'r2', expiresAt: now + 600 }, 10, now + 4)).toEqual(
      missing,
    );
    expect(await grants.findByRefresh('r1', now + 4)).toBeUndefined();
    expect(await grants.consumeCode('c1', 'storefront', now + 5)).toEqual({
      outcome: 'replayed',
      grant: makeGrant('g1', { revokedAt: now + 3.5 }),
      age: 4,
    });
  });

  test('are remembered for long after their use', async () => {
    const { grants } = stores();
    await grants.create(makeGrant('long', { expiresAt: now + 90 * 86_400 }), makeCode('c2', 'long'), now);
    await grants.consumeCode('c2', 'storefront', now);
    await grants.create(makeGrant('g3'), makeCode('c3', 'g3'), now + 86_399);
    expect(await grants.consumeCode('c2', 'storefront', now + 86_399)).toMatchObject({ outcome: 'replayed' });
  });

  test('of a grant that is revoked or over are missing', async () => {
    const { grants } = stores();
    await grants.create(makeGrant('g2', { expiresAt: now + 1 }), makeCode('c2', 'g2'), now);
    expect(await grants.consumeCode('c2', 'storefront', now + 1)).toEqual(missing);
    await grants.revoke('g1', now);
    expect(await grants.consumeCode('c1', 'storefront', now)).toEqual(missing);
  });

  test('used fifty times at once are good once, and their grant is revoked', async () => {
    const { grants } = stores();
    const consumed = await Promise.all(fifty.map(() => grants.consumeCode('c1', 'storefront', now)));
    expect(consumed.map(({ outcome }) => outcome).sort()).toEqual(['ok', ...Array(49).fill('replayed')]);
    expect((await grants.find('g1', now))?.revokedAt).toBe(now);
    expect(await grants.addRefresh({ id: 'r1', grantId: 'g1', expiresAt: now + 600 }, now)).toBe(false);
  });
});

describeStores('the grant store: refresh tokens', (stores) => {
  const first = { id: 'r1', grantId: 'g1', expiresAt: now + 600 };
  const rotate = (from: string, to: string, at = now, { clientId = 'storefront', grace = 10, ends = now + 900 } = {}) =>
    stores().grants.rotateRefresh(from, clientId, { id: to, expiresAt: ends }, grace, at);
  const successor = (id: string, expiresAt = now + 900) => ({ id, grantId: 'g1', expiresAt });

  beforeEach(async () => {
    await stores().grants.create(makeGrant('g1'), undefined, now);
    expect(await stores().grants.addRefresh(first, now)).toBe(true);
  });

  test('are found, which uses nothing', async () => {
    const { grants } = stores();
    const found = { grant: makeGrant('g1'), token: first };
    expect(await grants.findByRefresh('r1', now)).toEqual(found);
    expect(await grants.findByRefresh('r1', now + 599)).toEqual(found);
    expect(await grants.findByRefresh('r1', now + 600)).toBeUndefined();
    expect(await grants.findByRefresh('unknown', now)).toBeUndefined();
    await rotate('r1', 'r2');
    expect(await grants.findByRefresh('r1', now + 600)).toEqual({ ...found, token: undefined });
    expect(await grants.findByRefresh('r1', now + 3_600)).toBeUndefined();
    expect(await grants.findByRefresh('r2', now)).toEqual({ grant: makeGrant('g1'), token: successor('r2') });
  });

  test('are not kept for a grant that is unknown, revoked or over', async () => {
    const { grants } = stores();
    expect(await grants.addRefresh({ ...first, id: 'r2', grantId: 'unknown' }, now)).toBe(false);
    expect(await grants.addRefresh({ ...first, id: 'r2' }, now + 3_600)).toBe(false);
    await grants.revoke('g1', now);
    expect(await grants.addRefresh({ ...first, id: 'r2' }, now)).toBe(false);
    expect(await grants.findByRefresh('r2', now)).toBeUndefined();
  });

  test('never outlive their grant', async () => {
    const { grants } = stores();
    const end = now + 3_600;
    expect(await rotate('r1', 'r2', now, { ends: end + 1 })).toMatchObject({ successor: successor('r2', end) });
    await grants.addRefresh({ id: 'r3', grantId: 'g1', expiresAt: end + 1 }, now);
    expect((await grants.findByRefresh('r3', now))?.token?.expiresAt).toBe(end);
  });

  test('are rotated one after the other', async () => {
    expect(await rotate('r1', 'r2')).toEqual({ outcome: 'ok', grant: makeGrant('g1'), successor: successor('r2') });
    expect(await rotate('r2', 'r3', now + 800)).toMatchObject({ outcome: 'ok', successor: successor('r3') });
    expect(await rotate('r3', 'r4', now + 900)).toEqual(missing);
  });

  test('give the same successor again within the grace', async () => {
    await rotate('r1', 'r2');
    expect(await rotate('r1', 'r3', now + 9.9, { ends: now + 950 })).toEqual({
      outcome: 'grace',
      grant: makeGrant('g1'),
      successor: successor('r2'),
    });
    expect(await stores().grants.findByRefresh('r3', now)).toBeUndefined();
    expect(await rotate('r2', 'r4', now + 9.9)).toMatchObject({ outcome: 'ok' });
  });

  test('used again after the grace revoke their grant', async () => {
    await rotate('r1', 'r2');
    expect(await rotate('r1', 'r3', now + 10)).toEqual({
      outcome: 'reused',
      grant: makeGrant('g1', { revokedAt: now + 10 }),
    });
    expect(await rotate('r2', 'r4', now + 10)).toEqual(missing);
    expect(await rotate('r1', 'r5', now + 10)).toEqual(missing);
  });

  test('used again once the successor is used revoke their grant, within the grace too', async () => {
    await rotate('r1', 'r2');
    await rotate('r2', 'r3', now + 1);
    expect(await rotate('r1', 'r4', now + 2)).toMatchObject({ outcome: 'reused', grant: { revokedAt: now + 2 } });
    expect(await rotate('r3', 'r5', now + 2)).toEqual(missing);
  });

  test('used again have no grace where there is none', async () => {
    await rotate('r1', 'r2', now, { grace: 0 });
    expect(await rotate('r1', 'r3', now, { grace: 0 })).toMatchObject({ outcome: 'reused' });
  });

  test('used again are recognised as long as their grant lives', async () => {
    const { grants } = stores();
    await rotate('r1', 'r2');
    await grants.create(makeGrant('g2'), undefined, now + 3_599);
    await grants.addRefresh({ id: 'x', grantId: 'g2', expiresAt: now + 9_999 }, now + 3_599);
    expect(await rotate('r1', 'r3', now + 3_599)).toMatchObject({ outcome: 'reused' });
  });

  test('of another client are missing, and nothing happens, used or not', async () => {
    expect(await rotate('r1', 'r2', now, { clientId: 'other' })).toEqual(missing);
    expect(await rotate('unknown', 'r2')).toEqual(missing);
    expect(await rotate('r1', 'r2')).toMatchObject({ outcome: 'ok' });
    expect(await rotate('r1', 'r3', now + 60, { clientId: 'other' })).toEqual(missing);
    expect(await rotate('r2', 'r3', now + 60)).toMatchObject({ outcome: 'ok' });
  });

  test('of a grant that is revoked or over are missing, used or not', async () => {
    const { grants } = stores();
    await rotate('r1', 'r2', now, { ends: now + 9_999 });
    expect(await rotate('r2', 'r3', now + 3_600)).toEqual(missing);
    await grants.revoke('g1', now);
    for (const id of ['r1', 'r2']) expect(await rotate(id, 'r3')).toEqual(missing);
  });

  test('used fifty times at once are rotated once, and all get the same successor', async () => {
    const rotated = await Promise.all(fifty.map((n) => rotate('r1', `successor-${n}`)));
    expect(rotated.map(({ outcome }) => outcome).sort()).toEqual([...Array(49).fill('grace'), 'ok']);
    const successors = new Set(rotated.map((result) => 'successor' in result && result.successor.id));
    expect(successors.size).toBe(1);
    const found = await Promise.all(fifty.map((n) => stores().grants.findByRefresh(`successor-${n}`, now)));
    expect(found.filter((token) => token !== undefined)).toHaveLength(1);
  });
});
