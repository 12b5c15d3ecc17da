import { describeStores, now } from './describe-stores.ts';

describeStores('the consent store', (stores) => {
  test('remembers what a user allowed a client, until it is over', async () => {
    const { consents } = stores();
    await consents.add('u1', 'a', ['read', 'write'], now + 10, now);
    expect(await consents.find('u1', 'a', now + 9.9)).toEqual(['read', 'write']);
    expect(await consents.find('u1', 'a', now + 10)).toEqual([]);
    expect(await consents.find('u2', 'a', now)).toEqual([]);
    expect(await consents.find('u1', 'b', now)).toEqual([]);
  });

  test('adds to what is alive, and all of it lasts longer', async () => {
    const { consents } = stores();
    await consents.add('u1', 'a', ['read'], now + 10, now);
    await consents.add('u1', 'a', ['write', 'read'], now + 20, now + 5);
    expect(await consents.find('u1', 'a', now + 19)).toEqual(['read', 'write']);
  });

  test('does not bring back what is over', async () => {
    const { consents } = stores();
    await consents.add('u1', 'a', ['read'], now + 10, now);
    await consents.add('u1', 'a', ['write'], now + 20, now + 10);
    expect(await consents.find('u1', 'a', now + 10)).toEqual(['write']);
  });

  test('loses none of fifty additions at once', async () => {
    const { consents } = stores();
    const scopes = Array.from({ length: 50 }, (_, n) => `scope-${n}`);
    await Promise.all(scopes.map((scope) => consents.add('u1', 'a', [scope], now + 10, now)));
    expect([...(await consents.find('u1', 'a', now))].sort()).toEqual(scopes.sort());
  });

  test.each([
    ['one client of one user', { subject: 'u1', clientId: 'a' }, ['u1 b', 'u2 a', 'u2 b']],
    ['all clients of one user', { subject: 'u1' }, ['u2 a', 'u2 b']],
    ['one client of all users', { clientId: 'a' }, ['u1 b', 'u2 b']],
    ['everything', {}, []],
    ['what there is not', { subject: 'u3', clientId: 'a' }, ['u1 a', 'u1 b', 'u2 a', 'u2 b']],
  ])('withdraws %s', async (_what, whose, left) => {
    const { consents } = stores();
    const all = ['u1 a', 'u1 b', 'u2 a', 'u2 b'].map((pair) => pair.split(' ') as [string, string]);
    for (const [subject, clientId] of all) await consents.add(subject, clientId, ['read'], now + 10, now);
    await consents.withdraw(whose);
    const found = [];
    for (const pair of all) if ((await consents.find(...pair, now)).length > 0) found.push(pair.join(' '));
    expect(found).toEqual(left);
  });
});
