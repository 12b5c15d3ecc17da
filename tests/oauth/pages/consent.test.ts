import type { Client } from '../../../src/model/client.ts';
import { startPages, webClient } from './page-server.ts';
import { formOf, Visitor } from './visitor.ts';

const year = 365 * 24 * 3_600;

/** Somebody who is signed in and looks at the consent page. */
async function arrive(client: Partial<Client> = {}, scope = 'customers:read customers:write') {
  const server = await startPages({ clients: [webClient('shop', client)] });
  const visitor = new Visitor(server);
  const begin = async (username?: string) => visitor.get((await visitor.signIn(username, { scope })).headers.location!);
  return { server, visitor, begin, page: await begin() };
}

const errorOf = (location: string | undefined) => new URL(location!).searchParams.get('error');

describe('the consent page', () => {
  test('says who is asked, by whom, for what, and where it leads', async () => {
    const { page } = await arrive();
    expect(page.status).toBe(200);
    expect(page.text).toContain('<title>Allow Storefront? · Garita</title>');
    expect(page.text).toContain('Signed in as <bdi>Ada &lt;b&gt;Lovelace&lt;/b&gt;</bdi>.');
    expect(page.text).toContain('<li>See &lt;your&gt; customers</li><li>Change customers &amp; orders</li>');
    expect(page.text).toContain('go on to <strong><bdi>shop.example</bdi></strong>');
    expect(page.headers['content-security-policy']).toContain("form-action 'self' https://shop.example;");
  });

  test.each([
    ['http://127.0.0.1:5000/callback', '127.0.0.1:5000'],
    ['com.example.app:/callback', 'com.example.app'],
  ])('says that %s is on this device', async (uri, place) => {
    const { page } = await arrive({ redirectUris: [uri], application: 'native' });
    expect(page.text).toContain(`an application on this device (<strong><bdi>${place}</bdi></strong>)`);
  });

  test('lets somebody else sign in instead', async () => {
    const { visitor, begin, page } = await arrive();
    const [, link] = /<a href="([^"]+)">Not you\?<\/a>/.exec(page.text)!;
    expect((await visitor.get(link!)).text).toContain('<h1>Sign in</h1>');
    expect((await begin('bob')).text).toContain('You are signed in.');
  });

  test('leads to the login page when nobody is signed in any more', async () => {
    const { server, visitor, page } = await arrive();
    server.now += 3_600;
    await visitor.begin();
    const { action } = formOf((await arrive()).page.text);
    expect(action).toContain('/oauth/consent?interaction=');
    const own = formOf((await visitor.begin()).text).action.replace('/login', '/consent');
    expect((await visitor.get(own)).headers.location).toContain('/oauth/login?interaction=');
    expect((await visitor.submit(page, { decision: 'allow' })).status).toBe(400);
  });
});

describe('allowing', () => {
  test('leads to the client with a code, is remembered for a year, and is in the audit', async () => {
    const { server, visitor, page } = await arrive();
    const { status, headers } = await visitor.submit(page, { decision: 'allow' });
    expect(status).toBe(303);
    expect(headers.location).toMatch(
      /^https:\/\/shop\.example\/callback\?code=gac_.*&state=s\+t&iss=https%3A%2F%2Fid\.example$/,
    );
    const remembered = (at: number) => server.stores.consents.find('user-ada', 'shop', server.now + at);
    expect([...(await remembered(year - 1))].sort()).toEqual(['customers:read', 'customers:write']);
    expect(await remembered(year)).toEqual([]);
    expect(await server.audit()).toMatchObject([
      {
        type: 'consent.given',
        actor: 'user-ada',
        subject: 'user-ada',
        clientId: 'shop',
        address: expect.any(String),
        detail: 'customers:read customers:write',
      },
      { type: 'grant.given' },
    ]);
  });

  test('is not asked for again, except for scopes beyond', async () => {
    const { visitor, page } = await arrive({}, 'customers:read');
    await visitor.submit(page, { decision: 'allow' });
    expect((await visitor.signIn(undefined, { scope: 'customers:read' })).headers.location).toMatch(/\?code=/);
    const more = await visitor.signIn(undefined, { scope: 'customers:read customers:write' });
    const { text } = await visitor.get(more.headers.location!);
    expect(text.match(/<li>/g)).toHaveLength(1);
    expect(text).toContain('<li>Change customers &amp; orders</li>');
  });

  test('counts once', async () => {
    const { server, visitor, page } = await arrive();
    const all = await Promise.all(Array.from({ length: 8 }, () => visitor.submit(page, { decision: 'allow' })));
    expect(new Set(all.map(({ status, headers }) => `${status} ${headers.location}`)).size).toBe(1);
    expect(await server.stores.grants.list({}, { limit: 10 }, server.now)).toHaveLength(1);
  });

  test('in the name of somebody else, who signed in meanwhile in another tab, does nothing', async () => {
    const { server, visitor, page } = await arrive();
    await visitor.signIn('bob');
    const { status } = await visitor.submit(page, { decision: 'allow' });
    expect(status).toBe(403);
    expect(await server.stores.grants.list({}, { limit: 10 }, server.now)).toEqual([]);
  });

  test('what the page did not show does nothing', async () => {
    const { server, visitor, page } = await arrive();
    await server.stores.consents.add('user-ada', 'shop', ['customers:read'], server.now + year, server.now);
    const narrower = await visitor.get(formOf(page.text).action);
    await server.stores.consents.withdraw({ subject: 'user-ada' });
    expect((await visitor.submit(narrower, { decision: 'allow' })).status).toBe(403);
  });

  test.each([
    [{ csrf_token: '' }, {}],
    [{ csrf_token: 'x' }, {}],
    [{}, { Origin: 'https://evil.example' }],
    [{}, { Origin: 'null' }],
    [{}, { 'Sec-Fetch-Site': 'cross-site' }],
  ])('by a form from elsewhere (%j %j) does nothing', async (fields, headers) => {
    const { server, visitor, page } = await arrive();
    const { status } = await visitor.submit(page, { decision: 'allow', ...fields }, headers as Record<string, string>);
    expect([status, await server.stores.consents.find('user-ada', 'shop', server.now)]).toEqual([403, []]);
  });

  test('with the token of the login page does nothing', async () => {
    const { visitor, page } = await arrive();
    const login = await visitor.get(formOf(page.text).action.replace('/consent', '/login'));
    const { csrf_token = '' } = formOf(login.text).fields;
    expect((await visitor.submit(page, { decision: 'allow', csrf_token })).status).toBe(403);
  });
});

describe('not allowing', () => {
  test.each(['deny', 'anything', ''])('(%j) is told to the client, and in the audit', async (decision) => {
    const { server, visitor, page } = await arrive();
    const { status, headers } = await visitor.submit(page, { decision });
    const { searchParams } = new URL(headers.location!);
    expect([status, errorOf(headers.location), searchParams.get('state')]).toEqual([303, 'access_denied', 's t']);
    expect(searchParams.get('iss')).toBe(server.issuer);
    expect(await server.audit()).toMatchObject([{ type: 'consent.refused', subject: 'user-ada', clientId: 'shop' }]);
    expect((await visitor.submit(page, { decision })).headers.location).toBe(headers.location);
    expect((await visitor.submit(page, { decision: 'allow' })).status).toBe(400);
  });
});
