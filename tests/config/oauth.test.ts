// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment are the subject here

import { reservedClaims } from '../../src/config/reserved-claims.ts';
import { warningsOf } from '../../src/config/warnings.ts';
import type { Client } from '../../src/model/client.ts';
import { complaints, expectComplaint, head, parse } from './complaints.ts';

const secretHash = `sha256:${'ab'.repeat(32)}`;
const users = '  users: { use: embedded }\n';

/** A configuration with one client, written as a flow map, and users. */
const withClient = (fields: string, rest = users) => `oauth:\n${rest}  clients:\n    - { id: app, ${fields} }\n`;
const codeClient = (fields: string) => withClient(`type: public, grants: [authorization_code], ${fields}`);

const decode = (text: string): Client => parse(head + text).config.oauth.clients[0]!;

describe('a client', () => {
  test('that is public does not authenticate, needs PKCE, and its scripts come from where its codes go', () => {
    const uris =
      '["https://app.example/cb?x=1", "https://app.example/other", "com.example.app:/cb", "http://127.0.0.1/cb"]';
    expect(decode(codeClient(`redirectUris: ${uris}`))).toEqual({
      id: 'app',
      name: 'app',
      type: 'public',
      application: 'web',
      firstParty: false,
      secretHashes: [],
      authentication: ['none'],
      grants: ['authorization_code'],
      scopes: [],
      redirectUris: JSON.parse(uris),
      postLogoutRedirectUris: [],
      origins: ['https://app.example', 'http://127.0.0.1'],
      resources: [],
      requirePkce: true,
      refreshTokens: { idle: 24 * 3_600, max: 14 * 24 * 3_600 },
      roles: [],
      claims: {},
    });
  });

  test('that is confidential has no scripts unless it says so, and may do without PKCE', () => {
    const fields = `secretHash: ${secretHash}, grants: [authorization_code], redirectUris: [https://app.example/cb], name: The app`;
    const client = decode(
      withClient(`${fields}, pkce: optional, refreshTokens: { idle: 90s }, resources: [urn:orders]`),
    );
    expect(client).toMatchObject({
      name: 'The app',
      authentication: ['client_secret_basic', 'client_secret_post'],
      origins: [],
      requirePkce: false,
      refreshTokens: { idle: 90, max: 90 * 24 * 3_600 },
      resources: ['urn:orders'],
    });
    expect(decode(withClient(`${fields}, origins: ["https://app.example"]`)).origins).toEqual(['https://app.example']);
  });

  test.each(['Shop\u202Egro.live', 'Shop\nAllow', 'Shop\0', '\u200B', ' ', '', 'x'.repeat(101)])(
    'is not called %j on the pages where users decide',
    (name) => {
      const fields = `secretHash: ${secretHash}, grants: [client_credentials], name: ${JSON.stringify(name)}`;
      const complaint = 'oauth.clients[0].name  expected a name for people: up to 100 characters in one line';
      expect(complaints(withClient(fields))).toEqual([expect.stringContaining(complaint)]);
    },
  );

  test.each([
    'https://app.example/cb',
    'https://app.example',
    'https://app.example/cb?x=1',
    'http://localhost:3000/cb',
    'http://127.0.0.1:8080/cb',
    'http://[::1]/cb',
    'com.example.app:/cb',
  ])('may be sent codes at %s', (uri) => {
    expect(decode(codeClient(`redirectUris: ["${uri}"]`)).redirectUris).toEqual([uri]);
  });

  test.each([
    ['https://*.example/cb', 'wildcards are refused: each URI is written out, and compared as it is'],
    ['javascript:alert(1)', 'the scheme javascript: does not lead back to an application'],
    ['data:text/html,x', 'the scheme data: does not lead back to an application'],
    ['file:///etc/passwd', 'the scheme file: does not lead back to an application'],
    ['blob:https://a.example/x', 'the scheme blob: does not lead back to an application'],
    ['view-source:https://a.example/', 'the scheme view-source: does not lead back to an application'],
    ['http://app.example/cb', 'http is for this machine only: codes must not travel in the clear; use https'],
    ['http://127.0.0.1.example/cb', 'http is for this machine only: codes must not travel in the clear; use https'],
    ['https://app.example/cb#x', 'a redirect URI has no fragment (RFC 6749 §3.1.2)'],
    ['https://me@app.example/cb', 'a redirect URI has no user and no password in it'],
    ['myapp:/cb', 'a private scheme is the reverse of a domain, such as com.example.app:/callback (RFC 8252 §7.1)'],
    ['https://APP.example/cb', 'write it in its plain form: https://app.example/cb'],
    ['https://app.example:443/cb', 'write it in its plain form: https://app.example/cb'],
    ['https://app.example/a/../cb', 'write it in its plain form: https://app.example/cb'],
    ['/cb', 'expected a URL such as https://app.example.com/callback, got "/cb"'],
    ['https://a.example/a b', 'expected a URL such as https://app.example.com/callback, got "https://a.example/a b"'],
  ])('may not be sent codes at %s', (uri, message) => {
    expectComplaint(codeClient(`redirectUris: [‸"${uri}"]`), `oauth.clients[0].redirectUris[0]  ${message}`);
    const logout = `redirectUris: [https://a.example/], postLogoutRedirectUris: [‸"${uri}"]`;
    expectComplaint(codeClient(logout), `oauth.clients[0].postLogoutRedirectUris[0]  ${message}`);
  });

  test.each(['https://app.example/', 'https://app.example/x', 'app.example', 'null', '*', 'https://App.example'])(
    'has no scripts from %s',
    (origin) => {
      expectComplaint(
        codeClient(`redirectUris: [https://a.example/], origins: [‸"${origin}"]`),
        `oauth.clients[0].origins[0]  expected an origin such as https://app.example.com, without path and trailing slash, got "${origin}"`,
      );
    },
  );

  test.each(['orders', '/orders', 'https://orders.example/#x'])('has no tokens for %s', (resource) => {
    expectComplaint(
      codeClient(`redirectUris: [https://a.example/], resources: [‸"${resource}"]`),
      `oauth.clients[0].resources[0]  expected an absolute URI without a fragment such as https://orders.example.com, got "${resource}"`,
    );
  });

  const confidential = `secretHash: ${secretHash}`;
  const uris = 'redirectUris: [https://a.example/]';
  test.each([
    [
      `{ id: a, type: public, ${uris}, grants: [authorization_code], authentication: ‸[client_secret_basic] }`,
      '.authentication  a public client does not authenticate',
    ],
    [
      `{ id: a, type: public, ${uris}, grants: [authorization_code], pkce: ‸optional }`,
      '.pkce  a public client cannot do without PKCE (RFC 9700 §2.1.1)',
    ],
    [
      `{ id: a, type: public, ${uris}, grants: [authorization_code, ‸password] }`,
      '.grants[1]  password is for confidential clients only (RFC 6749 §4.4)',
    ],
    [
      `{ id: a, ${confidential}, grants: [‸password] }`,
      '.grants[0]  password is for clients with firstParty: true: nobody else may see passwords',
    ],
    [
      `‸{ id: a, ${confidential}, grants: [authorization_code] }`,
      '  a client with the grant authorization_code needs redirectUris',
    ],
    [
      `{ id: a, ${confidential}, grants: [client_credentials, ‸refresh_token] }`,
      '.grants[1]  refresh_token renews what authorization_code or password gave: add one of them',
    ],
    [
      `{ id: a, type: public, application: native, firstParty: ‸true, ${uris}, grants: [authorization_code] }`,
      '.firstParty  a native client cannot prove that it is yours: its users are always asked (RFC 8252 §8.6)',
    ],
    [
      `{ id: a, ${confidential}, grants: [client_credentials], refreshTokens: { idle: ‸30s } }`,
      '.refreshTokens.idle  expected a duration from 1m to 3650d, got "30s"',
    ],
  ])('does not contradict itself: %s', (written, complaint) => {
    expectComplaint(`oauth: { users: { use: embedded }, clients: [${written}] }`, `oauth.clients[0]${complaint}`);
  });
});

describe('users', () => {
  const http = (fields: string) => `oauth:\n  users:\n    use: http\n    with: { ${fields} }\n`;
  const environment = { USERS_SECRET: 'x'.repeat(40), SHORT: 'short' };

  test('of a service have their defaults', () => {
    const { config } = parse(head + http('url: "https://users.example", secret: "${USERS_SECRET}"'), environment);
    expect(config.oauth.users).toEqual({
      use: 'http',
      with: {
        url: 'https://users.example',
        secret: environment.USERS_SECRET,
        verify: '/credentials/verify',
        timeout: 2_000,
      },
      roles: 'roles',
      claims: { name: 'name', preferred_username: 'preferred_username' },
      scopes: {},
    });
  });

  test.each(['http://127.0.0.1:7000', 'http://users', 'http://users.internal', 'http://10.1.2.3', 'http://172.20.0.1'])(
    'may be asked for in the clear at %s',
    (url) => {
      expect(complaints(http(`url: "${url}", secret: demo-only-users`))).toEqual([]);
    },
  );

  test.each(['http://users.example', 'http://172.32.0.1', 'http://11.0.0.1'])('may not at %s', (url) => {
    expectComplaint(
      http(`url: ‸"${url}", secret: demo-only-users`),
      'oauth.users.with.url  passwords must not travel in the clear: https, except to private addresses and names without a dot',
    );
  });

  test('are asked for with a credential that is worth guessing at, from the environment', () => {
    const place = 'oauth.users.with.secret';
    expectComplaint(
      http('url: "https://u.example", secret: ‸"${SHORT}"'),
      `${place}  a service credential has at least 32 characters: "garita secret" makes a good one`,
      environment,
    );
    expectComplaint(
      http(`url: "https://u.example", secret: ‸${'x'.repeat(40)}`),
      `${place}  secrets do not belong in the file: write \${NAME} and set that variable`,
    );
    expectComplaint(
      http('url: "https://u.example", secret: ‸demo-only-users'),
      `${place}  the credential of the users service begins with demo-only-: it is publicly known, so NODE_ENV=production refuses it`,
      { NODE_ENV: 'production' },
    );
  });

  // Whatever was accepted here and left out of tokens would be missed by nobody until it matters.
  test.each([...reservedClaims])('cannot have the claim %s, which tokens would leave out', (name) => {
    const why = 'cannot be set here: it means something to whoever verifies tokens, choose another name';
    expectComplaint(
      `oauth: { users: { use: embedded, claims: { ‸${name}: id } } }`,
      `oauth.users.claims.${name}  the claim ${name} ${why}`,
    );
  });

  test('are restricted in declared scopes only', () => {
    expectComplaint(
      'oauth:\n  scopes: { "customers:read": See }\n  users: { use: embedded, scopes: { ‸"customers:reed": [clerk] } }\n',
      'oauth.users.scopes["customers:reed"]  the scope "customers:reed" is not declared in oauth.scopes: did you mean "customers:read"?',
    );
    const fine =
      'oauth:\n  scopes: { "garita:admin": Administer }\n  users: { use: embedded, scopes: { "garita:admin": [admin] } }\n';
    expect(complaints(fine)).toEqual([]);
  });

  test.each(['authorization_code', 'password'])('are needed for the grant %s', (grant) => {
    const fields = `secretHash: ${secretHash}, firstParty: true, redirectUris: [https://a.example/]`;
    const marked = withClient(`${fields}, grants: [client_credentials, ‸${grant}, refresh_token]`, '');
    expectComplaint(
      marked,
      `oauth.clients[0].grants[1]  ${grant} is for users, and there are none: say under oauth.users who may sign in`,
    );
    expect(complaints(marked.replace('‸', '').replace('oauth:\n', `oauth:\n${users}`))).toEqual([]);
  });
});

describe('secrets of the gateway', () => {
  test.each([
    ['oauth: { keys: { encryptionKey: ‸KEY } }', 'oauth.keys.encryptionKey', 'an encryption key', 'the encryption key'],
    ['admin: { token: ‸KEY }', 'admin.token', 'an admin token', 'the admin token'],
  ])('%s', (text, place, noun, known) => {
    const marked = (value: string) => text.replace('KEY', value);
    const reference = '"${KEY}"';
    expect(complaints(marked(reference).replace('‸', ''), { KEY: 'k'.repeat(32) })).toEqual([]);
    expectComplaint(
      marked(reference),
      `${place}  ${noun} has at least 32 characters: "garita secret" makes a good one`,
      {
        KEY: 'k'.repeat(31),
      },
    );
    expectComplaint(
      marked('k'.repeat(32)),
      `${place}  secrets do not belong in the file: write \${NAME} and set that variable`,
    );
    expectComplaint(
      marked('demo-only-key'),
      `${place}  ${known} begins with demo-only-: it is publicly known, so NODE_ENV=production refuses it`,
      { NODE_ENV: 'production' },
    );
  });
});

test('the logo is found from the folder of the file', () => {
  const logoOf = (logo: string) => parse(`${head}oauth: { pages: { logo: ${logo} } }`).config.oauth.pages.logo;
  expect([logoOf('logo.svg'), logoOf('/brand/logo.svg')]).toEqual([`${process.cwd()}/logo.svg`, '/brand/logo.svg']);
});

test.each(['oauth: { pages: { accent: ‸red } }', 'oauth: { pages: { accent: ‸"#fff" } }'])('%s', (marked) => {
  const [, shown] = /‸"?([^" ]+)/.exec(marked) ?? [];
  expectComplaint(marked, `oauth.pages.accent  expected a colour such as #0b6e4f, got "${shown}"`);
});

test('whoever uses the password grant is warned', () => {
  const client = `secretHash: ${secretHash}, firstParty: true, grants: [client_credentials, password]`;
  const { config, source } = parse(head + withClient(client));
  expect(warningsOf(config, source)).toEqual([
    {
      file: 'garita.yaml',
      line: 6,
      column: expect.any(Number),
      path: 'oauth.clients[0].grants[1]',
      message: 'the client "app" sees the passwords of its users: prefer authorization_code (RFC 9700 §2.4)',
    },
  ]);
  const other = parse(head + withClient(client.replace(', password', '')));
  expect(warningsOf(other.config, other.source)).toEqual([]);
});
