import fc from 'fast-check';
import type { Principal } from '../../src/model/principal.ts';
import { createMemoryRevocationStore } from '../../src/stores/memory/memory-revocation-store.ts';
import type { Revocation, RevocationStore } from '../../src/stores/revocation-store.ts';
import { StoreError } from '../../src/stores/store-error.ts';
import { loadRevocations, type Revocations } from '../../src/tokens/revocation.ts';

const start = 1_700_000_000;

describe('revocations', () => {
  let now: number;
  let store: RevocationStore;
  let revocations: Revocations;
  let issued: number;

  const clock = () => now;
  const load = async (capacity?: number) =>
    loadRevocations({ store, clock, ...(capacity !== undefined && { capacity }) });

  beforeEach(async () => {
    now = start;
    issued = 0;
    store = createMemoryRevocationStore();
    revocations = await load();
  });

  const token = (clientId = 'storefront', epoch = revocations.epoch): Principal => ({
    subject: clientId,
    clientId,
    scopes: [],
    roles: [],
    tokenId: `token-${issued++}`,
    grantId: undefined,
    expiresAt: now + 300,
    claims: { epoch },
  });

  const userToken = (subject: string, grantId: string): Principal => ({ ...token(), subject, grantId });

  test('cover nothing at first', () => {
    expect(revocations.epoch).toBe(0);
    expect(revocations.covers(token())).toBe(false);
  });

  test('of a token cover this one and no other', async () => {
    const [one, other] = [token(), token()];
    await revocations.revoke({ level: 'token', id: one.tokenId });
    expect([revocations.covers(one), revocations.covers(other)]).toEqual([true, false]);
  });

  test.each<[string, Revocation, boolean]>([
    ['a client', { level: 'client', id: 'storefront' }, false],
    ['everything', { level: 'everything' }, true],
  ])('of %s cover what was issued before, and nothing after, within one second', async (_what, revocation, others) => {
    const [before, foreign] = [token(), token('reporting-job')];
    await revocations.revoke(revocation);
    const between = token();
    expect([before, between, foreign].map(revocations.covers)).toEqual([true, false, others]);
    await revocations.revoke(revocation);
    expect([before, between, token()].map(revocations.covers)).toEqual([true, true, false]);
  });

  test('of a grant cover its tokens for good, and no other’s', async () => {
    const [one, other] = [userToken('ada', 'grant-1'), userToken('ada', 'grant-2')];
    await revocations.revoke({ level: 'grant', id: 'grant-1' });
    // Whoever was just being issued a token of the grant gets nothing by it.
    expect([one, userToken('ada', 'grant-1'), other, token()].map(revocations.covers)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('of a user cover what was issued before from any of their grants, and nothing after', async () => {
    const before = [userToken('ada', 'grant-1'), userToken('ada', 'grant-2')];
    const others = [userToken('bob', 'grant-3'), { ...token('ada'), subject: 'ada' }];
    await revocations.revoke({ level: 'user', id: 'ada' });
    expect(before.map(revocations.covers)).toEqual([true, true]);
    expect([...others, userToken('ada', 'grant-4')].map(revocations.covers)).toEqual([false, false, false]);
  });

  test('of one level are of no other with the same id', async () => {
    const named: Principal = { ...userToken('same', 'same'), clientId: 'same', tokenId: 'same' };
    const fields = { token: 'tokenId', grant: 'grantId', user: 'subject', client: 'clientId' } as const;
    for (const level of ['token', 'grant', 'user', 'client'] as const) {
      store = createMemoryRevocationStore();
      revocations = await load();
      const without: Principal = { ...named, [fields[level]]: 'another' };
      await revocations.revoke({ level, id: 'same' });
      expect([named, without].map(revocations.covers)).toEqual([true, false]);
    }
  });

  test('tell those who want to know, when they are in force, until they do not any more', async () => {
    const one = token();
    const heard: boolean[] = [];
    const unsubscribe = revocations.subscribe(() => void heard.push(revocations.covers(one)));
    await revocations.revoke({ level: 'token', id: 'another' });
    await revocations.revoke({ level: 'token', id: one.tokenId });
    unsubscribe();
    await revocations.revoke({ level: 'everything' });
    expect(heard).toEqual([false, true]);
  });

  test('are right although the clock goes back by an hour', async () => {
    const before = token();
    now -= 3_600;
    await revocations.revoke({ level: 'everything' });
    expect([before, token()].map(revocations.covers)).toEqual([true, false]);
  });

  test('cover a token that has no epoch, because nobody knows when it was issued', async () => {
    await revocations.revoke({ level: 'client', id: 'storefront' });
    const { claims: _, ...rest } = token();
    expect(revocations.covers({ ...rest, claims: {} })).toBe(true);
  });

  test.each(['__proto__', 'constructor', '', 'everything'])('of the id %p are of just this id', async (id) => {
    const [one, other] = [token(id), token('other')];
    await revocations.revoke({ level: 'client', id });
    expect([one, other].map(revocations.covers)).toEqual([true, false]);
  });

  test('are in force again after a restart', async () => {
    const [single, ofClient, good] = [token('a'), token('b'), token('c')];
    await revocations.revoke({ level: 'token', id: single.tokenId });
    await revocations.revoke({ level: 'client', id: 'b' });
    const later = token('b');
    const [ofGrant, ofUser, ofNeither] = ['a', 'b', 'c'].map((name) => userToken(name, `grant-${name}`));
    await revocations.revoke({ level: 'grant', id: 'grant-a' });
    await revocations.revoke({ level: 'user', id: 'b' });
    revocations = await load();
    expect([single, ofClient, ofGrant!, ofUser!].map(revocations.covers)).toEqual([true, true, true, true]);
    expect([good, later, token('b'), ofNeither!].map(revocations.covers)).toEqual([false, false, false, false]);
  });

  test('matter for the longest life of a token and the difference of clocks, and not for longer', async () => {
    const old = token();
    await revocations.revoke({ level: 'client', id: 'storefront' });
    now = start + 929;
    expect(revocations.covers(old)).toBe(true);
    expect(await store.live(now)).toHaveLength(1);
    now = start + 930;
    expect(await store.live(now)).toEqual([]);
    // Another process that starts now knows of no revocation: what it issues is good here too.
    expect(revocations.covers(token('storefront', (await load()).epoch))).toBe(false);
  });

  test('are not in force when they cannot be kept', async () => {
    store = { append: () => Promise.reject(new StoreError('disk full')), live: async () => [] };
    revocations = await load();
    const one = token();
    await expect(revocations.revoke({ level: 'token', id: one.tokenId })).rejects.toThrow('disk full');
    expect([revocations.covers(one), revocations.epoch]).toEqual([false, 0]);
  });

  test('have room for so many tokens; then it takes one revocation of more, or some time', async () => {
    revocations = await load(3);
    const tokens = Array.from({ length: 4 }, () => token());
    const revokeToken = ({ tokenId }: Principal) => revocations.revoke({ level: 'token', id: tokenId });
    for (const each of tokens.slice(0, 3)) await revokeToken(each);
    await expect(revokeToken(tokens[3]!)).rejects.toThrow(StoreError);
    expect(tokens.map(revocations.covers)).toEqual([true, true, true, false]);
    await revocations.revoke({ level: 'client', id: 'storefront' });
    expect(revocations.covers(tokens[3]!)).toBe(true);
    now += 930;
    await revokeToken(token());
    expect(await store.live(now)).toHaveLength(1);
  });

  test('have as much room for grants, of their own', async () => {
    revocations = await load(1);
    await revocations.revoke({ level: 'token', id: 'token' });
    await revocations.revoke({ level: 'grant', id: 'grant-1' });
    await expect(revocations.revoke({ level: 'grant', id: 'grant-2' })).rejects.toThrow(
      '1 grants have been revoked one by one within 930 s',
    );
    for (const id of ['ada', 'bob']) await revocations.revoke({ level: 'user', id });
  });

  test('cover exactly what a list of all that happened says, whatever happens and in whatever second', async () => {
    const ids = fc.constantFrom('a', 'b');
    const step = fc.oneof(
      ids.map((clientId) => ({ issue: clientId })),
      fc.tuple(ids, ids).map(([user, grant]) => ({ user, grant })),
      ids.map((id): Revocation => ({ level: 'client', id })),
      ids.map((id): Revocation => ({ level: 'grant', id })),
      ids.map((id): Revocation => ({ level: 'user', id })),
      fc.nat(20).map((index) => ({ revokeToken: index })),
      fc.constant<Revocation>({ level: 'everything' }),
      fc.integer({ min: -2, max: 2 }).map((seconds) => ({ wait: seconds })),
      fc.constant('restart' as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        store = createMemoryRevocationStore();
        revocations = await load();
        const tokens: { principal: Principal; revoked: boolean }[] = [];
        const endedGrants = new Set<string>();
        for (const each of steps) {
          if (each === 'restart') revocations = await load();
          else if ('wait' in each) now += each.wait;
          else if ('grant' in each) {
            const revoked = endedGrants.has(each.grant);
            tokens.push({ principal: userToken(each.user, each.grant), revoked });
          } else if ('issue' in each) tokens.push({ principal: token(each.issue), revoked: false });
          else if ('revokeToken' in each) {
            const chosen = tokens[each.revokeToken];
            if (chosen === undefined) continue;
            await revocations.revoke({ level: 'token', id: chosen.principal.tokenId });
            chosen.revoked = true;
          } else {
            await revocations.revoke(each);
            if (each.level === 'grant') endedGrants.add(each.id);
            for (const one of tokens) if (concerns(each, one.principal)) one.revoked = true;
          }
          for (const { principal, revoked } of tokens) expect(revocations.covers(principal)).toBe(revoked);
        }
      }),
    );
  });
});

function concerns(revocation: Revocation, { clientId, subject, grantId }: Principal): boolean {
  if (revocation.level === 'everything') return true;
  const { level, id } = revocation;
  if (level === 'client') return clientId === id;
  if (level === 'grant') return grantId === id;
  return grantId !== undefined && subject === id;
}
