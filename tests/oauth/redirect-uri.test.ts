import fc from 'fast-check';
import { matchesRedirectUri } from '../../src/oauth/redirect-uri.ts';
import { makeClient } from './make-client.ts';

const web = (...redirectUris: string[]) => makeClient('app', { redirectUris });
const native = (...redirectUris: string[]) => makeClient('app', { application: 'native', redirectUris });

describe('a redirect URI (RFC 6749 §3.1.2.3, RFC 9700 §2.1)', () => {
  const registered = 'https://app.example.com/callback';

  test('fits when it is one of the registered ones', () => {
    const client = web('https://other.example/', registered, 'com.example.app:/cb');
    for (const uri of client.redirectUris) expect(matchesRedirectUri(uri, client)).toBe(true);
  });

  test.each([
    ['a slash at the end', `${registered}/`],
    ['another case of the path', 'https://app.example.com/Callback'],
    ['another case of the host', 'https://APP.example.com/callback'],
    ['another case of the scheme', 'HTTPS://app.example.com/callback'],
    ['a port', 'https://app.example.com:443/callback'],
    ['another port', 'https://app.example.com:8443/callback'],
    ['an added query', `${registered}?x=1`],
    ['an empty query', `${registered}?`],
    ['a fragment', `${registered}#x`],
    ['a user', 'https://app.example.com@evil.example/callback'],
    ['a user before the host', 'https://evil@app.example.com/callback'],
    ['encoded dots', 'https://app.example.com/%2e%2e/callback'],
    ['an encoded letter', 'https://app.example.com/%63allback'],
    ['dots', 'https://app.example.com/x/../callback'],
    ['a backslash', 'https://app.example.com\\callback'],
    ['a backslash before another host', 'https://evil.example\\@app.example.com/callback'],
    ['a longer host', 'https://app.example.com.evil.example/callback'],
    ['a longer host without a dot', 'https://evilapp.example.com/callback'],
    ['a longer path', `${registered}x`],
    ['a path below', `${registered}/x`],
    ['plain http', 'http://app.example.com/callback'],
    ['a tab', 'https://app.example.com/call\tback'],
    ['a new line', `${registered}\n`],
    ['a space before', ` ${registered}`],
    ['NUL', `${registered}\0`],
    ['nothing', ''],
  ])('does not fit with %s', (_what, sent) => {
    expect(matchesRedirectUri(sent, web(registered))).toBe(false);
    expect(matchesRedirectUri(sent, native(registered))).toBe(false);
  });
});

describe('the loopback address of a native client (RFC 8252 §7.3)', () => {
  test.each([
    ['http://127.0.0.1/cb', 'http://127.0.0.1:51000/cb'],
    ['http://127.0.0.1:3000/cb', 'http://127.0.0.1:51000/cb'],
    ['http://127.0.0.1:3000/cb', 'http://127.0.0.1/cb'],
    ['http://[::1]/cb?x=1', 'http://[::1]:1/cb?x=1'],
    ['http://127.0.0.1', 'http://127.0.0.1:65535'],
  ])('%s stands for %s', (registered, sent) => {
    expect(matchesRedirectUri(sent, native(registered))).toBe(true);
    expect(matchesRedirectUri(sent, web(registered))).toBe(false);
  });

  test.each([
    ['http://localhost/cb', 'http://localhost:51000/cb'],
    ['http://127.0.0.2/cb', 'http://127.0.0.2:51000/cb'],
    ['http://127.0.0.1/cb', 'http://localhost:51000/cb'],
    ['http://127.0.0.1/cb', 'http://[::1]:51000/cb'],
    ['https://127.0.0.1/cb', 'https://127.0.0.1:51000/cb'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:51000/other'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:51000/cb/'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:51000/cb?x'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:51000/cb#x'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:0/cb'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:65536/cb'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:080/cb'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:/cb'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:80@evil.example/cb'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1.evil.example:80/cb'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:80\\@evil.example/cb'],
    ['http://127.0.0.1/', 'http://127.0.0.1:51000'],
  ])('%s does not stand for %s', (registered, sent) => {
    expect(matchesRedirectUri(sent, native(registered))).toBe(false);
  });
});

describe('whatever is sent', () => {
  const registered = ['https://app.example.com/cb', 'http://127.0.0.1:3000/cb?x=1', 'http://[::1]/', 'com.example:/cb'];

  /** Texts close to the registered ones: some characters put in, left out or replaced. */
  const near = fc
    .tuple(fc.constantFrom(...registered), fc.nat(), fc.nat(3), fc.string({ unit: 'binary', maxLength: 6 }))
    .map(([uri, at, without, added]) => {
      const place = at % (uri.length + 1);
      return uri.slice(0, place) + added + uri.slice(place + without);
    });

  test('to a web client, only its own texts fit', () => {
    fc.assert(
      fc.property(fc.oneof(near, fc.webUrl(), fc.string()), (sent) => {
        expect(matchesRedirectUri(sent, web(...registered))).toBe(registered.includes(sent));
      }),
      { numRuns: 2_000 },
    );
  });

  test('to a native client, what fits leads to the same place but for the port', () => {
    const port = fc.nat(70_000).map((number) => `http://127.0.0.1:${number}/cb?x=1`);
    fc.assert(
      fc.property(fc.oneof(near, port, fc.webUrl(), fc.string()), (sent) => {
        if (!matchesRedirectUri(sent, native(...registered))) return;
        const url = new URL(sent);
        const portless = (uri: string) => uri.replace(/^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::\d+)?/, '$1');
        expect(registered.map(portless)).toContain(portless(sent));
        expect([url.username, url.password, url.hash]).toEqual(['', '', '']);
        expect(registered.map((uri) => new URL(uri).hostname)).toContain(url.hostname);
      }),
      { numRuns: 2_000 },
    );
  });
});
