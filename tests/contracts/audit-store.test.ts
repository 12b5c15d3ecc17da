import type { AuditEvent, AuditFilter } from '../../src/stores/audit-store.ts';
import { describeStores, now } from './describe-stores.ts';

const full: AuditEvent = {
  type: 'user.refused',
  at: now,
  actor: 'u1',
  subject: 'u1',
  clientId: 'storefront',
  address: '::1',
  grantId: 'g1',
  detail: "'; DROP TABLE audit; --",
};

describeStores('the audit store', (stores) => {
  const details = async (filter: AuditFilter = {}, page: { limit: number; after?: number } = { limit: 100 }) =>
    (await stores().audit.query(filter, page)).map(({ detail }) => detail);
  const append = (detail: string, more: Partial<AuditEvent> = {}, keep = 1_000) =>
    stores().audit.append({ type: 'user.added', at: now, ...more, detail }, keep);

  test('gives back what it was given, and no more', async () => {
    const { audit } = stores();
    const short: AuditEvent = { type: 'key.rotated', at: now + 1 };
    await audit.append(full, 10);
    await audit.append(short, 10);
    const [second, first] = await audit.query({}, { limit: 10 });
    expect(second).toStrictEqual({ ...short, id: second!.id });
    expect(first).toStrictEqual({ ...full, id: first!.id });
    expect(second!.id).toBeGreaterThan(first!.id);
  });

  test('gives the newest first, page by page', async () => {
    for (const detail of ['a', 'b', 'c', 'd', 'e']) await append(detail);
    const first = await stores().audit.query({}, { limit: 2 });
    expect(first.map(({ detail }) => detail)).toEqual(['e', 'd']);
    await append('f');
    expect(await details({}, { limit: 2, after: first[1]!.id })).toEqual(['c', 'b']);
    expect(await details({}, { limit: 2, after: 1 })).toEqual([]);
  });

  test.each<[AuditFilter, string[]]>([
    [{ type: 'grant.given' }, ['b']],
    [{ actor: 'x' }, ['c', 'b', 'a']],
    [{ subject: 'u1' }, ['b', 'a']],
    [{ clientId: 'shop' }, ['d', 'a']],
    [{ since: now + 1 }, ['d', 'c', 'b']],
    [{ until: now + 1 }, ['a']],
    [{ since: now + 1, until: now + 3 }, ['c', 'b']],
    [{ actor: 'x', subject: 'u1', clientId: 'shop' }, ['a']],
    [{ actor: 'y', subject: 'u1' }, []],
    [{}, ['d', 'c', 'b', 'a']],
  ])('finds %j', async (filter, found) => {
    await append('a', { actor: 'x', subject: 'u1', clientId: 'shop' });
    await append('b', { actor: 'x', subject: 'u1', at: now + 1, type: 'grant.given' });
    await append('c', { actor: 'x', at: now + 2 });
    await append('d', { clientId: 'shop', at: now + 3 });
    expect(await details(filter)).toEqual(found);
  });

  test('keeps as many as it is told to', async () => {
    for (const detail of ['a', 'b', 'c', 'd', 'e']) await append(detail, {}, 3);
    expect(await details()).toEqual(['e', 'd', 'c']);
    await append('f', {}, 1);
    expect(await details()).toEqual(['f']);
  });

  test('forgets what is old, and never uses an id again', async () => {
    await append('a');
    await append('b', { at: now + 1 });
    await append('c', { at: now - 1 });
    const [last] = await stores().audit.query({}, { limit: 1 });
    await stores().audit.forgetBefore(now + 1);
    expect(await details()).toEqual(['b']);
    await stores().audit.forgetBefore(now + 2);
    await append('d');
    const [next] = await stores().audit.query({}, { limit: 1 });
    expect(next!.id).toBeGreaterThan(last!.id);
  });

  test('loses none of fifty at once', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, n) => append(`${n}`)));
    expect(new Set(await details()).size).toBe(50);
  });
});
