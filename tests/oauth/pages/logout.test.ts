import { startPages, webClient } from './page-server.ts';
import { cookiesOf, formOf, Visitor } from './visitor.ts';

const ours = webClient('shop', { firstParty: true });
const back = { client_id: 'shop', post_logout_redirect_uri: 'https://shop.example/bye' };
const link = (parameters: Record<string, string> = {}) => `/oauth/logout?${new URLSearchParams(parameters)}`;

/** Somebody who is signed in, with a grant. */
async function arrive() {
  const server = await startPages({ clients: [ours] });
  const visitor = new Visitor(server);
  await visitor.signIn();
  const grants = () => server.stores.grants.list({}, { limit: 10 }, server.now);
  const isSignedIn = async () => (await visitor.get(link())).text.includes('Sign out?');
  return { server, visitor, grants, isSignedIn };
}

describe('signing out', () => {
  test('asks first, then ends the session and what was given in it, and says so', async () => {
    const { server, visitor, grants, isSignedIn } = await arrive();
    const [grant] = await grants();
    const page = await visitor.get(link());
    expect(page.text).toContain('<h1>Sign out?</h1>');
    expect(await grants()).toHaveLength(1);

    const answer = await visitor.submit(page);
    expect([answer.status, answer.headers.location]).toEqual([303, 'https://id.example/oauth/logout']);
    expect(cookiesOf(answer)).toEqual(['__Host-garita-session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax']);
    expect(await grants()).toEqual([]);
    expect(await server.stores.revocations.live(server.now)).toMatchObject([{ level: 'grant', id: grant!.id }]);
    expect(await isSignedIn()).toBe(false);
    expect(await server.audit()).toMatchObject([
      { type: 'grant.given' },
      { type: 'grant.revoked', actor: 'user-ada', detail: 'signed out' },
      { type: 'user.signed-out', actor: 'user-ada', subject: 'user-ada', address: expect.any(String) },
    ]);
  });

  test('leaves what was given in another browser', async () => {
    const { server, visitor, grants } = await arrive();
    await new Visitor(server).signIn();
    await visitor.submit(await visitor.get(link()));
    expect(await grants()).toHaveLength(1);
  });

  test.each([
    [back, 'https://shop.example/bye'],
    [{ ...back, state: 'a&b' }, 'https://shop.example/bye?state=a%26b'],
    [{ ...back, id_token_hint: 'x.y.z' }, 'https://shop.example/bye'],
  ])('leads back to the client that asked by %j', async (parameters, location) => {
    const { visitor } = await arrive();
    const page = await visitor.get(link(parameters));
    expect(page.headers['content-security-policy']).toContain("form-action 'self' https://shop.example;");
    const { status, headers } = await visitor.submit(page);
    expect([status, headers.location]).toEqual([303, location]);
  });

  test('reads a link in which not everything is escaped: a query may have a ? (RFC 3986 §3.4)', async () => {
    const uri = 'https://shop.example/bye?from=garita';
    const server = await startPages({ clients: [webClient('shop', { postLogoutRedirectUris: [uri] })] });
    const { text } = await new Visitor(server).get(`/oauth/logout?client_id=shop&post_logout_redirect_uri=${uri}`);
    expect(text).toContain(`href="${uri}"`);
  });

  const elsewhere = [
    `client_id=shop&post_logout_redirect_uri=${encodeURIComponent('https://shop.example/bye/')}`,
    `client_id=shop&post_logout_redirect_uri=${encodeURIComponent('https://shop.example/bye?x')}`,
    `client_id=shop&post_logout_redirect_uri=${encodeURIComponent('https://evil.example/bye')}`,
    `client_id=shop&post_logout_redirect_uri=${encodeURIComponent('https://shop.example/callback')}`,
    `client_id=none&post_logout_redirect_uri=${encodeURIComponent('https://shop.example/bye')}`,
    `post_logout_redirect_uri=${encodeURIComponent('https://shop.example/bye')}`,
    `${new URLSearchParams(back)}&post_logout_redirect_uri=${encodeURIComponent('https://shop.example/bye')}`,
    `${new URLSearchParams(back)}&client_id=shop`,
    `${new URLSearchParams(back)}&state=%ff`,
  ];

  test.each(elsewhere)('leads to our own page after %s', async (query) => {
    const { visitor } = await arrive();
    const page = await visitor.get(`/oauth/logout?${query}`);
    expect(page.headers['content-security-policy']).toContain("form-action 'self';");
    expect(page.text).not.toContain('evil');
    const { status, headers } = await visitor.submit(page);
    expect([status, headers.location]).toEqual([303, 'https://id.example/oauth/logout']);
  });

  test('what the form says is held against the rules again', async () => {
    const { visitor } = await arrive();
    const page = await visitor.get(link(back));
    const { headers } = await visitor.submit(page, { post_logout_redirect_uri: 'https://evil.example' });
    expect(headers.location).toBe('https://id.example/oauth/logout');
  });

  test.each([
    [{ csrf_token: '' }, {}],
    [{ csrf_token: 'x' }, {}],
    [{}, { Origin: 'https://evil.example' }],
    [{}, { Origin: 'null' }],
    [{}, { 'Sec-Fetch-Site': 'cross-site' }],
    [{}, { 'Sec-Fetch-Site': 'same-site' }],
  ])('by a form from elsewhere (%j %j) does nothing', async (fields, headers) => {
    const { visitor, grants, isSignedIn } = await arrive();
    const page = await visitor.get(link());
    const { status } = await visitor.submit(page, fields as Record<string, string>, headers as Record<string, string>);
    expect([status, await isSignedIn(), (await grants()).length]).toEqual([403, true, 1]);
  });

  test('with the token of an earlier session does nothing', async () => {
    const { visitor, isSignedIn } = await arrive();
    const page = await visitor.get(link());
    await visitor.signIn();
    expect((await visitor.submit(page)).status).toBe(403);
    expect(await isSignedIn()).toBe(true);
  });
});

describe('with nobody signed in', () => {
  test('the page says so, with the way back to the client', async () => {
    const visitor = new Visitor(await startPages());
    const { status, text } = await visitor.get(link(back), { 'Accept-Language': 'es' });
    expect(status).toBe(200);
    expect(text).toContain('<h1>Has cerrado la sesión</h1>');
    expect(text).toContain('<a class="button" href="https://shop.example/bye">Volver a <bdi>Storefront</bdi></a>');
    expect((await visitor.get(link({ ...back, post_logout_redirect_uri: 'https://evil.example' }))).text).not.toContain(
      '<a ',
    );
  });

  test('the form is answered as if somebody had been', async () => {
    const visitor = new Visitor(await startPages());
    const { status, headers } = await visitor.post('/oauth/logout', back);
    expect([status, headers.location]).toEqual([303, 'https://shop.example/bye']);
  });

  test('a session that was not used for long is over', async () => {
    const { server, visitor, isSignedIn } = await arrive();
    server.now += 3_599;
    expect(await isSignedIn()).toBe(true);
    server.now += 3_599;
    expect(await isSignedIn()).toBe(true);
    server.now += 2;
    expect([await isSignedIn(), formOf((await visitor.get(link())).text).action]).toEqual([false, '']);
  });
});
