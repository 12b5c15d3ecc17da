import type { StoredClient } from '../../src/stores/client-store.ts';
import { describeStores, now } from './describe-stores.ts';

const client = (id: string, origins: readonly string[] = []): StoredClient => ({
  id,
  name: 'Sábado & "Söhne"',
  type: 'confidential',
  application: 'web',
  firstParty: false,
  secrets: [{ hash: `sha256:${'0'.repeat(64)}`, createdAt: now, expiresAt: undefined }],
  authentication: ['client_secret_basic'],
  grants: ['authorization_code', 'refresh_token'],
  scopes: ['customers:read'],
  redirectUris: ['https://shop.example/callback'],
  postLogoutRedirectUris: [],
  origins,
  resources: [],
  requirePkce: true,
  refreshTokens: { idle: 60, max: 600 },
  roles: [],
  claims: { tier: { level: 2 }, ['__proto__']: 'x' },
  disabled: false,
  createdAt: now,
});

describeStores('the client store', (stores) => {
  test('gives back what it was given', async () => {
    const { clients } = stores();
    expect(await clients.find('a')).toBeUndefined();
    expect(await clients.add(client('a'))).toBe(true);
    expect(await clients.find('a')).toEqual(client('a'));
    expect(await clients.find('A')).toBeUndefined();
  });

  test('does nothing when the id is taken', async () => {
    const { clients } = stores();
    await clients.add(client('a'));
    expect(await clients.add({ ...client('a', ['https://b.example']), name: 'b' })).toBe(false);
    expect(await clients.find('a')).toEqual(client('a'));
    expect(await clients.hasOrigin('https://b.example')).toBe(false);
  });

  test('gives an id to one of fifty that want it at once', async () => {
    const added = await Promise.all(Array.from({ length: 50 }, () => stores().clients.add(client('a'))));
    expect(added.filter(Boolean)).toHaveLength(1);
  });

  test('lists in the order of ids', async () => {
    for (const id of ['b', 'B', 'a', 'b-1']) await stores().clients.add(client(id));
    expect((await stores().clients.list()).map(({ id }) => id)).toEqual(['B', 'a', 'b', 'b-1']);
  });

  test('rotates secrets: the one before works on for a while, any older one does not', async () => {
    const { clients } = stores();
    await clients.add(client('a'));
    const [first] = client('a').secrets;
    const second = { hash: 'sha256:second', createdAt: now + 1, expiresAt: undefined };
    const third = { hash: 'sha256:third', createdAt: now + 2, expiresAt: undefined };
    expect(await clients.rotateSecret('a', second.hash, now + 60, now + 1)).toEqual({
      ...client('a'),
      secrets: [{ ...first, expiresAt: now + 60 }, second],
    });
    await clients.rotateSecret('a', third.hash, now + 62, now + 2);
    expect((await clients.find('a'))?.secrets).toEqual([{ ...second, expiresAt: now + 62 }, third]);
    expect(await clients.rotateSecret('unknown', 'sha256:x', now, now)).toBeUndefined();
  });

  test('loses no secret when two rotate at once', async () => {
    const { clients } = stores();
    await clients.add(client('a'));
    await Promise.all(['x', 'y'].map((hash) => clients.rotateSecret('a', hash, now + 60, now)));
    expect((await clients.find('a'))?.secrets.map(({ hash }) => hash).sort()).toEqual(['x', 'y']);
  });

  test('disables and enables', async () => {
    const { clients } = stores();
    await clients.add(client('a'));
    expect(await clients.setDisabled('a', true)).toEqual({ ...client('a'), disabled: true });
    expect(await clients.find('a')).toEqual({ ...client('a'), disabled: true });
    expect(await clients.setDisabled('a', false)).toEqual(client('a'));
    expect(await clients.setDisabled('unknown', true)).toBeUndefined();
  });

  test('knows the origins of clients that are not disabled', async () => {
    const { clients } = stores();
    await clients.add(client('a', ['https://a.example', 'https://shared.example', 'https://a.example']));
    await clients.add(client('b', ['https://shared.example']));
    await clients.setDisabled('a', true);
    expect(await clients.hasOrigin('https://a.example')).toBe(false);
    expect(await clients.hasOrigin('https://shared.example')).toBe(true);
    await clients.setDisabled('a', false);
    expect(await clients.hasOrigin('https://a.example')).toBe(true);
    expect(await clients.hasOrigin('https://A.example')).toBe(false);
  });
});
