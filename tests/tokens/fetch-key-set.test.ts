import { createKeySetFetcher, readKeysUrl } from '../../src/tokens/fetch-key-set.ts';
import { createTransport } from '../../src/transport/transport.ts';
import { reply, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { makeProviderKey } from '../support/start-identity-provider.ts';

const transport = createTransport({ connectionsPerInstance: 4 });
afterAll(() => transport.close());

const { jwk } = makeProviderKey('ES256', 'a');

/** A provider with these documents by path; `ISSUER` in them stands for its origin. */
async function start(documents: Record<string, unknown>) {
  const upstream = await startScriptedUpstream(({ target }, socket) => {
    const document = documents[target];
    const text = JSON.stringify(document)?.replaceAll('ISSUER', upstream.url);
    socket.write(text === undefined ? reply(404) : reply(200, ['Cache-Control: max-age=900'], text));
  });
  const fetcher = (path: string, keys?: string) =>
    createKeySetFetcher({ issuer: upstream.url + path, keys: keys && upstream.url + keys, transport });
  return { upstream, documents, fetcher, asked: () => upstream.requests.map(({ target }) => target) };
}

const keySet = { '/jwks': { keys: [jwk] } };

test('fetches from where the configuration says', async () => {
  const { fetcher, asked } = await start(keySet);
  const { keys, maxAge } = await fetcher('/realm', '/jwks')();
  expect([keys.size, maxAge]).toEqual([1, 900]);
  expect(asked()).toEqual(['/jwks']);
});

test.each([
  ['', '/.well-known/oauth-authorization-server'],
  ['', '/.well-known/openid-configuration'],
  ['/', '/.well-known/openid-configuration'],
  ['/realm', '/.well-known/oauth-authorization-server/realm'],
  ['/realm', '/realm/.well-known/oauth-authorization-server'],
  ['/realm/', '/realm/.well-known/openid-configuration'],
])('finds the keys of the issuer "%s" by %s', async (path, place) => {
  const { fetcher, asked } = await start({ ...keySet, [place]: { issuer: `ISSUER${path}`, jwks_uri: 'ISSUER/jwks' } });
  expect((await fetcher(path)()).keys.size).toBe(1);
  expect(asked().slice(-2)).toEqual([place, '/jwks']);
});

test('asks the metadata again only after a failure', async () => {
  const metadata = '/.well-known/oauth-authorization-server';
  const { fetcher, asked, documents } = await start({
    ...keySet,
    [metadata]: { issuer: 'ISSUER', jwks_uri: 'ISSUER/jwks' },
  });
  const fetch = fetcher('');
  await fetch();
  await fetch();
  expect(asked()).toEqual([metadata, '/jwks', '/jwks']);
  delete documents['/jwks'];
  await expect(fetch()).rejects.toThrow('the answer is 404 instead of 200');
  documents['/moved'] = keySet['/jwks'];
  documents[metadata] = { issuer: 'ISSUER', jwks_uri: 'ISSUER/moved' };
  expect((await fetch()).keys.size).toBe(1);
});

test.each([
  ['of another issuer', { issuer: 'ISSUER/', jwks_uri: 'ISSUER/jwks' }, 'another issuer'],
  ['of nobody', { jwks_uri: 'ISSUER/jwks' }, 'another issuer'],
  ['that are null', null, 'another issuer'],
  ['without keys', { issuer: 'ISSUER' }, 'no key set that can be fetched safely'],
  ['with keys in the clear', { issuer: 'ISSUER', jwks_uri: 'http://192.0.2.1/jwks' }, 'fetched safely'],
  ['with keys in a file', { issuer: 'ISSUER', jwks_uri: 'file:///etc/passwd' }, 'fetched safely'],
  ['with credentials', { issuer: 'ISSUER', jwks_uri: 'https://u:p@idp.example/jwks' }, 'fetched safely'],
  ['with keys that are no text', { issuer: 'ISSUER', jwks_uri: ['ISSUER/jwks'] }, 'fetched safely'],
])('metadata %s are refused, and no others are looked for', async (_, metadata, message) => {
  const { fetcher, asked } = await start({ ...keySet, '/.well-known/oauth-authorization-server': metadata });
  await expect(fetcher('')()).rejects.toThrow(message);
  expect(asked()).toEqual(['/.well-known/oauth-authorization-server']);
});

test('an issuer elsewhere cannot send the gateway to what is on this machine', () => {
  const issuer = 'https://idp.example';
  const read = (url: string) => readKeysUrl({ issuer, jwks_uri: url }, issuer).href;
  expect(read('https://keys.example/jwks')).toBe('https://keys.example/jwks');
  expect(() => read('http://127.0.0.1:9090/jwks')).toThrow('fetched safely');
});

test('no metadata anywhere', async () => {
  const { fetcher } = await start({});
  await expect(fetcher('/realm')()).rejects.toThrow('no metadata at the issuer: the answer is 404 instead of 200');
});
