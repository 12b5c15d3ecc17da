import { createAudit } from '../../src/oauth/audit.ts';
import { beginGrant } from '../../src/oauth/begin-grant.ts';
import { createEndGrants } from '../../src/oauth/end-grants.ts';
import { openMemoryStores } from '../../src/stores/memory/memory-stores.ts';
import { StoreError } from '../../src/stores/store-error.ts';
import { loadRevocations } from '../../src/tokens/revocation.ts';
import { makeClient } from './make-client.ts';

describe('grants end', () => {
  const clock = () => 1_000;

  async function start() {
    const stores = openMemoryStores();
    const revocations = await loadRevocations({ store: stores.revocations, clock });
    const audit = createAudit({ store: stores.audit, keep: 100, clock });
    const endGrants = createEndGrants({ grants: stores.grants, revocations, audit, clock });
    const give = async (subject: string, session?: string) => {
      const user = { subject, roles: [], claims: {} };
      const client = makeClient('app', { grants: ['authorization_code', 'refresh_token'] });
      const input = { user, client, session, scopes: [], audience: 'a', authTime: 1_000, accessTokenLifetime: 60 };
      const grant = beginGrant({ ...input, now: clock() });
      await stores.grants.create(grant, undefined, clock());
      return grant.id;
    };
    const isDead = (grantId: string) =>
      revocations.covers({
        ...{ subject: 'x', clientId: 'app', scopes: [], roles: [], tokenId: 'x', expiresAt: 2_000 },
        ...{ grantId, claims: { epoch: Number.MAX_SAFE_INTEGER } },
      });
    return { stores, endGrants, give, isDead, audit: () => stores.audit.query({}, { limit: 10 }) };
  }

  test('one by one: in the store, at the gateway and in the audit', async () => {
    const { stores, endGrants, give, isDead, audit } = await start();
    const [one, other] = [await give('ada'), await give('ada')];
    expect(await endGrants.one(one, { actor: 'operator', address: '::1', detail: 'lost' })).toBe(true);
    expect([isDead(one), isDead(other)]).toEqual([true, false]);
    expect((await stores.grants.list({}, { limit: 10 }, clock())).map(({ id }) => id)).toEqual([other]);
    expect(await audit()).toMatchObject([
      {
        type: 'grant.revoked',
        actor: 'operator',
        address: '::1',
        subject: 'ada',
        clientId: 'app',
        grantId: one,
        detail: 'lost',
      },
    ]);
    expect(await endGrants.one('unknown', {})).toBe(false);
  });

  test('all that fit, and says how many', async () => {
    const { endGrants, give, isDead, audit } = await start();
    const ids = [await give('ada', 's1'), await give('ada', 's1'), await give('ada', 's2'), await give('bob', 's3')];
    expect(await endGrants.all({ subject: 'ada', session: 's1' }, {})).toBe(2);
    expect(ids.map(isDead)).toEqual([true, true, false, false]);
    expect(await audit()).toHaveLength(2);
    expect(await endGrants.all({ subject: 'ada', session: 's1' }, {})).toBe(0);
  });

  test('also when the first try failed half-way: a second one tells the gateway', async () => {
    const { stores, give, isDead } = await start();
    const id = await give('ada');
    const revocations = await loadRevocations({ store: stores.revocations, clock });
    const audit = createAudit({ store: stores.audit, keep: 100, clock });
    let isBroken = true;
    const told: string[] = [];
    const revoke: typeof revocations.revoke = async (revocation) => {
      if (isBroken) throw new StoreError('disk full');
      told.push('id' in revocation ? revocation.id : '');
    };
    const endGrants = createEndGrants({ grants: stores.grants, revocations: { revoke }, audit, clock });
    await expect(endGrants.one(id, {})).rejects.toThrow(StoreError);
    expect(isDead(id)).toBe(false);
    isBroken = false;
    expect([await endGrants.one(id, {}), told]).toEqual([true, [id]]);
  });
});
