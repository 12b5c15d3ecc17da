import { createMemoryInteractionStore } from '../../../src/stores/memory/memory-interaction-store.ts';
import { StoreError } from '../../../src/stores/store-error.ts';
import { password, startPages, webClient } from './page-server.ts';
import { cookiesOf, formOf, Visitor } from './visitor.ts';

const ours = webClient('shop', { firstParty: true });
const signedIn = { username: 'ada@example.com', password };

describe('the login page', () => {
  test('asks for username and password in a way that people and password managers understand', async () => {
    const { status, text, headers } = await new Visitor(await startPages()).begin();
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(text).toContain('to continue to <bdi>Storefront</bdi>');
    expect(text).toMatch(/<label for="username">.*\n<input id="username" [^>]*autocomplete="username"[^>]* autofocus>/);
    expect(text).toMatch(/<label for="password">.*\n<input id="password" [^>]*autocomplete="current-password"/);
    expect(text).not.toMatch(/<script|style=|role="alert"/);
  });

  test('is guarded by its headers; its form may lead to the client, and nowhere else', async () => {
    const client = webClient('shop', { origins: ['https://www.shop.example'] });
    const { headers } = await new Visitor(await startPages({ clients: [client] })).begin();
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; style-src 'self'; img-src 'self'; " +
        "form-action 'self' https://shop.example https://www.shop.example; frame-ancestors 'none'; base-uri 'none'",
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers.vary).toContain('Accept-Language');
  });

  test.each([
    ['com.example.app:/callback', 'com.example.app:'],
    ['http://[::1]:5000/callback', 'http:'],
    ['http://127.0.0.1:5000/callback', 'http://127.0.0.1:5000'],
    ['https://shop.example:8443/', 'https://shop.example:8443'],
    ["https://a;b'.example/", 'https:'],
  ])('a form that leads to %s is allowed %s', async (redirectUri, source) => {
    const server = await startPages({ clients: [webClient('shop', { redirectUris: [redirectUri] })] });
    const { headers } = await new Visitor(server).begin();
    expect(headers['content-security-policy']).toContain(`form-action 'self' ${source};`);
  });

  test('speaks Spanish to whoever prefers it', async () => {
    const server = await startPages();
    const visitor = new Visitor(server);
    await visitor.begin();
    const { text, headers } = await visitor.get('/oauth/login?interaction=none', {
      'Accept-Language': 'es-AR,en;q=0.5',
    });
    expect(headers['content-language']).toBe('es');
    expect(text).toContain('<html lang="es">');
    expect(text).toContain('Esta página ya no es válida');
  });

  test('what clients and users are called is text, never HTML', async () => {
    const server = await startPages({ clients: [webClient('shop', { name: '<script>alert(1)</script>' })] });
    const visitor = new Visitor(server);
    const page = await visitor.begin();
    const again = await visitor.submit(page, { username: '"><script>alert(2)</script>', password: 'guess' });
    for (const { text } of [page, again]) expect(text).not.toContain('<script');
    expect(page.text).toContain('<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>');
    expect(again.text).toContain('value="&quot;&gt;&lt;script&gt;alert(2)&lt;/script&gt;"');
  });

  test('answers HEAD as GET, without the page', async () => {
    const visitor = new Visitor(await startPages());
    const { action } = formOf((await visitor.begin()).text);
    const { status, headers, text } = await visitor.head(action);
    expect([status, text]).toEqual([200, undefined]);
    expect(headers['cache-control']).toBe('no-store');
  });
});

describe('signing in', () => {
  test('leads back to the client with a code when nobody needs to be asked', async () => {
    const server = await startPages({ clients: [ours] });
    const { status, headers } = await new Visitor(server).signIn();
    expect([status, headers['cache-control']]).toEqual([303, 'no-store']);
    const url = new URL(headers.location!);
    expect(`${url.origin}${url.pathname}`).toBe('https://shop.example/callback');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      code: expect.stringMatching(/^gac_/),
      state: 's t',
      iss: server.issuer,
    });
    expect(server.attempts).toMatchObject([
      { ...signedIn, clientId: 'shop', address: expect.stringMatching(/127\.0\.0\.1/) },
    ]);
  });

  test('leads to the consent page otherwise', async () => {
    const { status, headers } = await new Visitor(await startPages()).signIn();
    expect(status).toBe(303);
    expect(headers.location).toMatch(/^https:\/\/id\.example\/oauth\/consent\?interaction=[\w-]{43}$/);
  });

  test.each([
    ['somebody', 400, 'do not go together', undefined],
    ['gone', 403, 'this account is switched off', undefined],
    ['hasty', 429, 'Wait 2 minutes, then try again.', '90'],
    ['unlucky', 503, 'Yours may well be right', '7'],
  ])('what keeps %s out is said with %d', async (username, status, text, retryAfter) => {
    const visitor = new Visitor(await startPages());
    const response = await visitor.signIn(username);
    expect([response.status, response.headers['retry-after']]).toEqual([status, retryAfter]);
    expect(response.text).toMatch(new RegExp(`<p class="alert" id="problem" role="alert">[^<]*${text}`));
    expect(response.text).toMatch(/<input id="password" [^>]* autofocus aria-describedby="problem"/);
    expect(response.text).toContain(`value="${username}"`);
    expect(response.text).not.toContain(password);
    expect(cookiesOf(response)).toEqual([]);
  });

  test('a wrong password for a disabled account looks like any wrong password', async () => {
    const visitor = new Visitor(await startPages());
    const page = await visitor.begin();
    const [gone, unknown] = [
      await visitor.submit(page, { username: 'gone', password: 'x' }),
      await visitor.submit(page, { username: 'none', password: 'x' }),
    ];
    expect(gone.text.replace('value="gone"', '')).toBe(unknown.text.replace('value="none"', ''));
  });

  test('an empty field is asked for again, and nothing is tried', async () => {
    const server = await startPages();
    const visitor = new Visitor(server);
    const response = await visitor.submit(await visitor.begin(), { username: '', password });
    expect(response.status).toBe(400);
    expect(response.text).toContain('Enter both your email or username and your password.');
    expect(server.attempts).toEqual([]);
  });

  test('gives a new session each time and ends the one before', async () => {
    const server = await startPages({ clients: [ours] });
    const visitor = new Visitor(server);
    await visitor.signIn();
    const before = visitor.cookies.get('__Host-garita-session')!;
    await visitor.signIn();
    expect(visitor.cookies.get('__Host-garita-session')).not.toBe(before);
    visitor.cookies.set('__Host-garita-session', before);
    expect((await visitor.get('/oauth/logout')).text).toContain('You are signed out');
  });

  test('never takes over an id that somebody else has put into the browser', async () => {
    const visitor = new Visitor(await startPages({ clients: [ours] }));
    const planted = 'A'.repeat(43);
    visitor.cookies.set('__Host-garita-session', planted);
    await visitor.signIn();
    expect(visitor.cookies.get('__Host-garita-session')).not.toBe(planted);
  });

  test('as somebody else ends what the first one gave in this browser; as the same one, nothing', async () => {
    const server = await startPages({ clients: [ours] });
    const visitor = new Visitor(server);
    const live = async () =>
      (await server.stores.grants.list({}, { limit: 10 }, server.now)).map(({ subject }) => subject).sort();
    await visitor.signIn('bob');
    await visitor.signIn('bob');
    expect(await live()).toEqual(['user-bob', 'user-bob']);
    await visitor.signIn();
    expect(await live()).toEqual(['user-ada']);
    await visitor.signIn('bob');
    expect(await live()).toEqual(['user-bob']);
  });

  test('leaves nothing in the store that a cookie could be made from', async () => {
    const server = await startPages({ clients: [ours] });
    const visitor = new Visitor(server);
    await visitor.signIn();
    const value = visitor.cookies.get('__Host-garita-session')!;
    expect(await server.stores.sessions.use(value, 60, server.now)).toBeUndefined();
    const [grant] = await server.stores.grants.list({}, { limit: 1 }, server.now);
    expect(grant!.session).not.toContain(value);
  });
});

describe('cookies', () => {
  test.each([
    ['https://id.example', '__Host-', 'HttpOnly; Secure; SameSite=Lax'],
    ['http://127.0.0.1:8080', '', 'HttpOnly; SameSite=Lax'],
    ['https://example.com/auth', '__Host-', 'HttpOnly; Secure; SameSite=Lax'],
  ])('of %s', async (issuer, prefix, attributes) => {
    const server = await startPages({ issuer, clients: [ours] });
    const visitor = new Visitor(server);
    visitor.headers = { Origin: new URL(issuer).origin };
    const { pathname } = new URL(`${issuer}/oauth/authorize`);
    const begun = await visitor.get(`${pathname}?response_type=code&client_id=shop`);
    const answer = await visitor.submit(await visitor.get(begun.headers.location!), signedIn);
    expect(answer.status).toBe(303);
    const form = (name: string) => new RegExp(`^${prefix}garita-${name}=[\\w-]{43}; Path=/; ${attributes}$`);
    expect(cookiesOf(begun)).toEqual([expect.stringMatching(form('browser'))]);
    expect(cookiesOf(answer)).toEqual([expect.stringMatching(form('session'))]);
  });

  test('of another form count as none', async () => {
    const server = await startPages();
    const visitor = new Visitor(server);
    visitor.cookies.set('__Host-garita-browser', 'short');
    await visitor.begin();
    expect(visitor.cookies.get('__Host-garita-browser')).toMatch(/^[\w-]{43}$/);
  });
});

describe('an interaction', () => {
  test('is worth nothing in another browser', async () => {
    const server = await startPages();
    const { action, fields } = formOf((await new Visitor(server).begin()).text);
    const other = new Visitor(server);
    for (const response of [await other.get(action), await other.post(action, { ...fields, ...signedIn })]) {
      expect([response.status, response.text.includes('start again')]).toEqual([400, true]);
    }
    await other.begin();
    expect((await other.post(action, { ...fields, ...signedIn })).status).toBe(400);
    expect(server.attempts).toEqual([]);
  });

  test('is over when it has led to a code', async () => {
    const server = await startPages({ clients: [ours] });
    const visitor = new Visitor(server);
    const page = await visitor.begin();
    expect((await visitor.submit(page, signedIn)).status).toBe(303);
    server.now += 10;
    const again = await visitor.submit(page, signedIn);
    expect([again.status, again.text.includes('no longer valid')]).toEqual([400, true]);
  });

  test('leads to one code, however often its form is sent at once', async () => {
    const server = await startPages({ clients: [ours] });
    const visitor = new Visitor(server);
    const page = await visitor.begin();
    const all = await Promise.all(Array.from({ length: 8 }, () => visitor.submit(page, signedIn)));
    expect(new Set(all.map(({ status, headers }) => `${status} ${headers.location}`)).size).toBe(1);
    expect(await server.stores.grants.list({}, { limit: 10 }, server.now)).toHaveLength(1);
  });

  test('leads where it led before when a double click sends its form again, with the same session', async () => {
    const server = await startPages({ clients: [ours] });
    const visitor = new Visitor(server);
    const page = await visitor.begin();
    const first = await visitor.submit(page, signedIn);
    visitor.cookies.delete('__Host-garita-session');
    const second = await visitor.submit(page, signedIn);
    expect([second.status, second.headers.location]).toEqual([303, first.headers.location]);
    expect([second.headers['cache-control'], cookiesOf(second)]).toEqual(['no-store', cookiesOf(first)]);
    expect(server.attempts).toHaveLength(1);
  });

  test('leads nowhere when the form that comes again differs, or another browser sends it', async () => {
    const server = await startPages({ clients: [ours] });
    const visitor = new Visitor(server);
    const page = await visitor.begin();
    await visitor.submit(page, signedIn);
    const other = new Visitor(server);
    await other.begin();
    const again = [
      await visitor.submit(page, { ...signedIn, password: 'guess' }),
      await visitor.submit(page, { ...signedIn, csrf_token: 'x' }),
      await other.submit(page, signedIn),
      await new Visitor(server).submit(page, signedIn),
    ];
    expect(again.map(({ status, headers }) => [status, headers.location])).toEqual(Array(4).fill([400, undefined]));
    const elsewhere = await visitor.submit(page, signedIn, { Origin: 'https://evil.example' });
    expect([elsewhere.status, elsewhere.headers.location]).toEqual([403, undefined]);
  });

  test('is over after a quarter of an hour', async () => {
    const server = await startPages();
    const visitor = new Visitor(server);
    const page = await visitor.begin();
    server.now += 899;
    expect((await visitor.get(formOf(page.text).action)).status).toBe(200);
    server.now += 1;
    expect((await visitor.submit(page, signedIn)).status).toBe(400);
  });

  test.each(['', '?interaction=', '?interaction=%00', '?interaction=a&interaction=b', '?interaction=%ff'])(
    'that is not one, "%s", is a page that says what to do',
    async (query) => {
      const visitor = new Visitor(await startPages());
      await visitor.begin();
      expect((await visitor.get(`/oauth/login${query}`)).status).toBe(400);
    },
  );
});

describe('a form from elsewhere', () => {
  const refused: [string, Record<string, string>][] = [
    ['another origin', { Origin: 'https://evil.example' }],
    ['a subdomain', { Origin: 'https://id.example.evil.example' }],
    ['another scheme', { Origin: 'http://id.example' }],
    ['another port', { Origin: 'https://id.example:8443' }],
    ['an opaque origin', { Origin: 'null' }],
    ['another site, by Sec-Fetch-Site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['another host of the same site, by Sec-Fetch-Site', { 'Sec-Fetch-Site': 'same-site' }],
  ];

  test.each(refused)('%s is refused', async (_name, headers) => {
    const server = await startPages();
    const visitor = new Visitor(server);
    const response = await visitor.submit(await visitor.begin(), signedIn, headers);
    expect([response.status, server.attempts]).toEqual([403, []]);
    expect(response.text).toContain('We stopped for your safety');
  });

  test('without its token, or with one of another interaction or browser, is refused', async () => {
    const server = await startPages();
    const visitor = new Visitor(server);
    const [page, other] = [await visitor.begin(), await visitor.begin()];
    const foreign = await new Visitor(server).begin();
    const tokens = ['', 'x', formOf(other.text).fields.csrf_token!, formOf(foreign.text).fields.csrf_token!];
    for (const csrf_token of tokens) {
      expect((await visitor.submit(page, { ...signedIn, csrf_token })).status).toBe(403);
    }
    expect(server.attempts).toEqual([]);
  });

  test('that is no form, too large, or says something twice, is refused with a page', async () => {
    const visitor = new Visitor(await startPages());
    const { action, fields } = formOf((await visitor.begin()).text);
    const sent = new URLSearchParams({ ...fields, ...signedIn }).toString();
    const [twice, large, json] = [
      await visitor.post(action, `${sent}&username=eve`),
      await visitor.post(action, `${sent}&x=${'y'.repeat(9_000)}`),
      await visitor.post(action, sent, { 'Content-Type': 'application/json' }),
    ];
    expect([twice.status, large.status, json.status]).toEqual([400, 413, 400]);
    for (const { text } of [twice, large, json]) expect(text).toContain('<h1>This link is not complete</h1>');
  });
});

describe('when the server fails', () => {
  test('the page says so, the log says why', async () => {
    const interactions = {
      ...createMemoryInteractionStore(),
      find: () => Promise.reject(new StoreError('the disk </h1> is full')),
    };
    const server = await startPages({ stores: { interactions } });
    const { status, headers, text } = await new Visitor(server).begin();
    expect([status, headers['retry-after']]).toEqual([503, '5']);
    expect(text).toContain('Not available right now');
    expect(text).not.toContain('disk');
    expect(server.log[0]).toMatchObject({
      fields: { path: '/oauth/login', error: new StoreError('the disk </h1> is full') },
    });
  });

  test('an application that nobody knows is a page, not a redirect', async () => {
    const visitor = new Visitor(await startPages());
    const { status, text, headers } = await visitor.get(
      '/oauth/authorize?client_id=%3Cscript%3E&redirect_uri=https://e.example',
    );
    expect([status, headers.location]).toEqual([400, undefined]);
    expect(text).toContain('We do not know this application');
    expect(text).not.toMatch(/script|e\.example/);
  });

  test('a client that has changed since is told by redirect', async () => {
    const clients = [webClient('shop')];
    const server = await startPages({ clients });
    const visitor = new Visitor(server);
    const page = await visitor.begin();
    Object.assign(clients[0]!, { grants: [] });
    const { status, headers } = await visitor.get(formOf(page.text).action);
    expect(status).toBe(303);
    expect(headers.location).toMatch(/^https:\/\/shop\.example\/callback\?error=unauthorized_client&.*state=s\+t&iss=/);
  });
});
