// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment are the subject here
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import { complaints, expectComplaint, head, parse } from './complaints.ts';

const services = 'services: { customers: { instances: ["http://127.0.0.1:7101"] } }\n';
const route = (fields: string) =>
  `${services}routes:\n  - { id: a, access: public, to: { service: customers }, ${fields} }\n`;
const client = (fields: string) => `oauth:\n  clients:\n    - { id: job, grants: [client_credentials], ${fields} }\n`;

test('the smallest configuration has every default', () => {
  expect(parse(head).config).toEqual({
    version: 1,
    name: 'garita',
    issuer: 'http://127.0.0.1:8080',
    listen: {
      public: { host: '127.0.0.1', port: 8080 },
      operations: { host: '127.0.0.1', port: 9090 },
      https: 'optional',
      hsts: { maxAge: 31_536_000, includeSubDomains: false },
    },
    store: { use: 'sqlite', with: { file: `${process.cwd()}/data/garita.db` } },
    log: { level: 'info', format: 'auto', exchanges: true },
    limits: {
      body: 10_000_000,
      target: 8_000,
      header: 16_000,
      headerTimeout: 10_000,
      requestTimeout: 30_000,
      address: { limit: 6_000, per: 60_000 },
      tunnels: 10_000,
    },
    cache: { memory: 64_000_000, entry: 1_000_000 },
    oauth: {
      audience: 'http://127.0.0.1:8080',
      signing: 'RS256',
      accessTokenLifetime: 300,
      scopes: {},
      clients: [],
      issuers: [],
      sessions: { idle: 8 * 3_600, max: 24 * 3_600 },
      pages: { name: 'Garita', accent: '#0b6e4f' },
      keys: {},
    },
    admin: { hosts: [] },
    audit: { keep: 90 * 24 * 3_600_000, events: 1_000_000 },
    services: {},
    policies: [],
    routes: [],
  });
});

test('a whole configuration is decoded', () => {
  const hash = `sha256:${'ab'.repeat(32)}`;
  const { config } = parse(`
version: 1
name: front-1
issuer: https://api.example.com
listen: { public: "[::1]:80", operations: 127.0.0.1:0 }
store: { use: memory }
limits: { body: 1MiB, address: false }
oauth:
  audience: https://other.example.com
  signing: ES256
  accessTokenLifetime: 10s
  scopes: { "customers:read": See customers }
  clients:
    - { id: job, secretHash: ${hash}, grants: [client_credentials], scopes: ["customers:read"], claims: { tier: 1 } }
services:
  customers:
    instances: [http://127.0.0.1:7101, { url: "HTTPS://Example.com:443/", weight: 3 }]
    timeouts: { connect: 250ms }
    policies: [{ use: rate-limit, with: { limit: 1, per: 1s } }]
routes:
  - id: a
    match: { methods: [GET], hosts: ["*.example.com"], path: "/c/{id}/*", headers: { x-beta: { present: true } } }
    to: { service: customers, path: "/{id}/*" }
    access: { scopes: { any: ["customers:read"] }, when: { any: [{ role: admin }, { subject: "{id}" }], claim: { tier: 1 } } }
  - id: b
    match: { pattern: "^/x/(?<n>[0-9]+)$" }
    priority: 5
    to: { service: customers, path: "/{n}" }
    access: authenticated
    policies: [{ use: rate-limit, enabled: false }]
`);
  expect(config).toMatchObject({
    name: 'front-1',
    listen: { public: { host: '::1', port: 80 }, operations: { host: '127.0.0.1', port: 0 } },
    store: { use: 'memory' },
    limits: { body: 1_048_576, address: false },
    oauth: { audience: 'https://other.example.com', signing: 'ES256', accessTokenLifetime: 10 },
  });
  expect(config.oauth.clients).toMatchObject([
    {
      id: 'job',
      type: 'confidential',
      secretHashes: [hash],
      grants: ['client_credentials'],
      scopes: ['customers:read'],
      claims: { tier: 1 },
    },
  ]);
  expect(config.services.customers).toEqual({
    instances: [
      { id: '127.0.0.1:7101', origin: 'http://127.0.0.1:7101', weight: 1 },
      { id: 'example.com:443', origin: 'https://example.com', weight: 3 },
    ],
    balance: 'round-robin',
    timeouts: { connect: 250, firstByte: 5_000, total: 30_000, idle: 600_000 },
    forwardToken: false,
    preserveHost: false,
    policies: [{ use: 'rate-limit', with: { limit: 1, per: '1s' }, enabled: true }],
  });
  expect(config.routes.map(({ access }) => access)).toEqual([
    {
      kind: 'authenticated',
      scopes: { all: [], any: ['customers:read'] },
      when: { any: [{ role: ['admin'] }, { subject: 'id' }], claim: { tier: [1] } },
    },
    { kind: 'authenticated', scopes: { all: [], any: [] } },
  ]);
  expect(config.routes[1]).toMatchObject({ priority: 5, policies: [{ use: 'rate-limit', with: {}, enabled: false }] });
});

describe('shape', () => {
  test.each([
    ['logg: {}', 'garita.yaml:3:1  logg  unknown key "logg": did you mean "log"?'],
    ['log: { zzz: 1 }', 'garita.yaml:3:8  log.zzz  unknown key "zzz": known are level, format, exchanges'],
    ['log: [1]', 'garita.yaml:3:6  log  expected a map of keys and values, got a list'],
    ['log:\n', 'garita.yaml:3:5  log  expected a map of keys and values, got nothing'],
    ['log: { level: loud }', 'garita.yaml:3:15  log.level  expected error, warn, info or debug, got "loud"'],
    ['log: { exchanges: "yes" }', 'garita.yaml:3:19  log.exchanges  expected true or false, got "yes"'],
    ['name: Front', 'garita.yaml:3:7  name  expected up to 40 lower-case letters, digits and dashes, got "Front"'],
    ['name: {}', 'garita.yaml:3:7  name  expected up to 40 lower-case letters, digits and dashes, got an empty map'],
    [
      'limits: { headerTimeout: 5 }',
      'garita.yaml:3:26  limits.headerTimeout  expected a duration with its unit (ms, s, m, h or d), such as 5s, got 5',
    ],
    [
      'limits: { body: 10 }',
      'garita.yaml:3:17  limits.body  expected a size with its unit (B, kB, MB, GB, KiB, MiB or GiB), such as 64kB, got 10',
    ],
    [
      'limits: { address: { limit: 0 } }',
      'garita.yaml:3:29  limits.address.limit  expected a whole number from 1 to 1000000000, got 0',
    ],
    ['limits: { address: true }', 'garita.yaml:3:20  limits.address  expected { limit, per } or false, got true'],
    [
      'oauth: { accessTokenLifetime: 1h }',
      'garita.yaml:3:31  oauth.accessTokenLifetime  expected a duration from 10s to 15m, got "1h"',
    ],
    [
      'listen: { public: 8080 }',
      'garita.yaml:3:19  listen.public  expected a host and a port such as 127.0.0.1:8080 or [::1]:8080, got 8080',
    ],
    [
      'store: { use: redis }',
      'garita.yaml:3:15  store.use  expected { use: memory } or { use: sqlite, with: { file: ... } }, got "redis"',
    ],
    [
      'oauth: { scopes: { "a b": x } }',
      'garita.yaml:3:20  oauth.scopes["a b"]  expected a scope name: printable ASCII without space, double quote and backslash (RFC 6749 §3.3), got "a b"',
    ],
    ['policies: [{ with: {} }]', 'garita.yaml:3:12  policies[0].use  missing: expected the name of a policy'],
    [
      'policies: [{ use: x, with: 3 }]',
      'garita.yaml:3:28  policies[0].with  expected the options of the policy, got 3',
    ],
  ])('%j', (text, complaint) => expect(complaints(text)).toEqual([complaint]));

  test('what is missing is reported where it should stand', () => {
    expect(() => parse('name: front\n')).toThrow(
      'garita.yaml:1:1  version  missing: expected 1, the only version of this format\n' +
        'garita.yaml:1:1  issuer  missing: expected a URL such as https://api.example.com\n' +
        '2 problems',
    );
  });

  test.each(['', '# nothing\n', 'just a text\n', '- 1\n'])('%j is not a configuration', (text) => {
    expect(() => parse(text)).toThrow(/^garita\.yaml:1:1 {2}expected a map of keys and values, got .*\n1 problem$/);
  });

  test('a cut text does not fill the screen', () => {
    expect(complaints(`name: ${'x'.repeat(500)}`)[0]?.length).toBeLessThan(200);
  });
});

describe('issuer', () => {
  const complain = (issuer: string) => {
    try {
      parse(`version: 1\nissuer: ${JSON.stringify(issuer)}\n`);
    } catch (error) {
      return (error as Error).message.split('\n')[0]?.replace('garita.yaml:2:9  issuer  ', '');
    }
  };

  test.each([
    'https://api.example.com',
    'https://example.com/auth',
    'http://localhost:1',
    'http://127.1.2.3',
    'http://[::1]:81',
  ])('takes %s', (issuer) => expect(complain(issuer)).toBeUndefined());

  test.each([
    ['api.example.com', 'expected a URL such as https://api.example.com, got "api.example.com"'],
    ['ftp://a.example.com', 'expected a URL such as https://api.example.com, got "ftp://a.example.com"'],
    ['https://a.example.com/', 'an issuer is written without a trailing slash'],
    ['https://a.example.com?x', 'an issuer has no query and no fragment (RFC 8414 §2)'],
    ['https://a.example.com#x', 'an issuer has no query and no fragment (RFC 8414 §2)'],
    ['https://u:p@a.example.com', 'an issuer has no user and no password in it'],
    ['https://A.example.com:443', 'write the issuer in its plain form: https://a.example.com'],
    [
      'http://a.example.com',
      'an issuer off this machine uses https: tokens must not travel in the clear (RFC 8414 §2)',
    ],
    [
      'http://127.0.0.1.example.com',
      'an issuer off this machine uses https: tokens must not travel in the clear (RFC 8414 §2)',
    ],
    ['http://0.0.0.0:8080', 'an issuer off this machine uses https: tokens must not travel in the clear (RFC 8414 §2)'],
  ])('refuses %s', (issuer, message) => expect(complain(issuer)).toBe(message));
});

describe('services', () => {
  test.each([
    ['‸[]', 'instances  expected at least one instance, got an empty list'],
    ['[http://127.0.0.1:1, ‸"http://127.0.0.1:1/"]', 'instances[1]  the instance 127.0.0.1:1 is in the list already'],
    [
      '[{ url: "http://127.0.0.1:1", ‸wieght: 2 }]',
      'instances[0].wieght  unknown key "wieght": did you mean "weight"?',
    ],
    [
      '[{ url: "http://127.0.0.1:1", weight: ‸0 }]',
      'instances[0].weight  expected a whole number from 1 to 100, got 0',
    ],
    [
      '[‸http://127.0.0.1:1/x]',
      'instances[0]  expected the address of an instance such as http://10.0.0.1:7101, without path, query and credentials, got "http://127.0.0.1:1/x"',
    ],
  ])('instances %s', (instances, complaint) => {
    expectComplaint(`services: { a: { instances: ${instances} } }`, `services.a.${complaint}`);
  });

  test.each(['http://a/x', 'http://a?x', 'http://a#', 'http://u:p@a', 'a:80', 'ftp://a', 'http://a//', '5'])(
    '%s is not the address of an instance',
    (url) => expect(complaints(`services: { a: { instances: ["${url}"] } }`)).toHaveLength(1),
  );

  test('have a name in lower case', () => {
    expectComplaint(
      'services: { ‸Customers: { instances: ["http://a"] } }',
      'services.Customers  expected a name of up to 64 lower-case letters, digits, dots, dashes and underscores, got "Customers"',
    );
  });

  test('need not be used by a route', () => expect(complaints(services)).toEqual([]));
});

describe('routes', () => {
  test.each([
    ['match: ‸{}', 'match  write path or pattern: one of them, not both'],
    ['match: ‸{ path: /a, pattern: "^/a$" }', 'match  write path or pattern: one of them, not both'],
    ['match: { path: ‸"/{a}/{a}" }', 'match.path  the parameter {a} occurs twice'],
    ['match: { path: ‸"/*/a" }', 'match.path  a * stands only for the whole last segment, as in /customers/*'],
    [
      'match: { pattern: ‸"/a" }',
      'match.pattern  expected an expression for the whole path, from ^/ to $, such as ^/orders/(?<id>[0-9]+)$, got "/a"',
    ],
    [
      'match: { path: /a, methods: [‸get] }',
      'match.methods[0]  expected a method in upper case such as GET, got "get"',
    ],
    [
      'match: { path: /a, hosts: [‸"a.*.com"] }',
      'match.hosts[0]  expected a host such as api.example.com or *.example.com, without a port, got "a.*.com"',
    ],
    [
      'match: { path: /a, headers: { ‸X-Beta: "1" } }',
      'match.headers.X-Beta  expected the name of a header field in lower case, got "X-Beta"',
    ],
    [
      'match: { path: /a, query: { page: ‸1 } }',
      'match.query.page  expected a text, { present: true } or { pattern: expression }, got 1',
    ],
    [
      'match: { path: /a, query: { page: { present: ‸1 } } }',
      'match.query.page.present  expected true or false, got 1',
    ],
    ['match: { path: /a }, priority: ‸1.5', 'priority  expected a whole number from -1000000 to 1000000, got 1.5'],
  ])('%s', (fields, complaint) => expectComplaint(route(fields), `routes[0].${complaint}`));

  test.each(['^/a$', '^/(?:a|b)/[^/]+$', '^/a\\\\\\\\$'])('%s is an expression for the whole path', (pattern) => {
    expect(complaints(route(`match: { pattern: "${pattern}" }`))).toEqual([]);
  });

  test.each(['/a$', '^/a', '^a$', '^/a\\\\$', '$^/'])('%s is not', (pattern) => {
    expect(complaints(route(`match: { pattern: "${pattern}" }`))).toHaveLength(1);
  });

  const to = (target: string, match: string) =>
    `${services}routes: [{ id: a, access: public, match: { ${match} }, to: { service: customers, path: ${target} } }]`;

  test.each([
    ['‸"/{b}"', 'path: "/{a}/*"', 'the match has no parameter {b}: it captures {a}'],
    ['‸"/{b}"', 'path: "/a"', 'the match has no parameter {b}: it captures none'],
    ['‸"/{b}/{b}"', 'path: "/{a}/{c}"', 'the match has no parameter {b}: it captures {a}, {c}'],
    ['‸"/{b}"', 'pattern: "^/(?<a>x)$"', 'the match has no parameter {b}: it captures {a}'],
    ['‸"/x/*"', 'path: "/{a}"', 'the match does not end in /*, so there is no rest to put here'],
    ['‸"/x/*"', 'pattern: "^/(?<a>.*)$"', 'the match does not end in /*, so there is no rest to put here'],
    ['‸x', 'path: "/{a}"', 'expected a path that begins with a slash, got "x"'],
  ])('to %s from %s', (target, match, complaint) =>
    expectComplaint(to(target, match), `routes[0].to.path  ${complaint}`),
  );

  test.each([
    ['"/{a}/x/{a}"', 'path: "/{a}/*"'],
    ['"/x/*"', 'path: "/{a}/*"'],
    ['"/{a}"', 'pattern: "^/(?P<a>x)\\\\(?<b$"'],
  ])('to %s from %s is fine', (target, match) => expect(complaints(to(target, match))).toEqual([]));
});

describe('access', () => {
  const access = (rule: string) =>
    `oauth: { scopes: { "a:read": Read } }\n${services}routes: [{ id: a, match: { path: "/{id}" }, to: { service: customers }, access: ${rule} }]`;

  test.each([
    ['‸open', '  expected public, authenticated, or { scopes: [...], when: {...} }, got "open"'],
    ['‸{}', '  expected scopes, when, issuers or protocolToken, got an empty map'],
    ['{ protocolToken: ‸yes please }', '.protocolToken  expected true or false, got "yes please"'],
    ['{ scopes: ‸[] }', '.scopes  expected at least one scope, got an empty list'],
    ['{ scopes: ‸{} }', '.scopes  expected all or any, got an empty map'],
    [
      '{ scopes: ‸"a:read" }',
      '.scopes  expected a list of scopes, { all: [scopes] } or { any: [scopes] }, got "a:read"',
    ],
    [
      '{ scopes: { any: [‸"b:read"] } }',
      '.scopes.any[0]  the scope "b:read" is not declared in oauth.scopes: did you mean "a:read"?',
    ],
    ['{ scopes: [‸zzz] }', '.scopes[0]  the scope "zzz" is not declared in oauth.scopes'],
    ['{ when: { role: x, ‸rol: x } }', '.when.rol  unknown key "rol": did you mean "role"?'],
    ['{ when: ‸{} }', '.when  expected at least one condition, got an empty map'],
    ['{ when: { subject: ‸id } }', '.when.subject  expected a path parameter such as {id}, got "id"'],
    ['{ when: { subject: ‸"{no}" } }', '.when.subject  the match has no parameter {no}: it captures {id}'],
    [
      '{ when: { any: [{ role: x }, { all: [{ subject: ‸"{no}" }] }] } }',
      '.when.any[1].all[0].subject  the match has no parameter {no}: it captures {id}',
    ],
    ['{ when: { any: ‸[] } }', '.when.any  expected a list of at least one condition, got an empty list'],
    ['{ when: { role: ‸[] } }', '.when.role  expected the name of a role, or a list of them, got an empty list'],
  ])('%s', (rule, complaint) => expectComplaint(access(rule), `routes[0].access${complaint}`));

  test('stands on the route or on the service', () => {
    const routes = 'routes: [‸{ id: a, match: { path: /a }, to: { service: customers } }]';
    expectComplaint(
      `${services}${routes}`,
      'routes[0]  nothing says who may use this route: add access: public, authenticated, or { scopes: [...] } here or on the service "customers"',
    );
    const guarded = services.replace(' } }', ', access: authenticated } }');
    expect(complaints(guarded + routes.replace('‸', ''))).toEqual([]);
  });

  test('of a service asks for parameters that its routes must have', () => {
    const guarded = services.replace(' } }', ', access: { when: { subject: "{id}" } } } }');
    expectComplaint(
      `${guarded}routes: [{ id: a, match: ‸{ path: /a }, to: { service: customers } }, { id: b, match: { path: "/b/{id}" }, to: { service: customers } }]`,
      'routes[0].match  the access rule of the service "customers" needs a parameter {id} here',
    );
  });

  test('of a service names declared scopes', () => {
    expectComplaint(
      services.replace(' } }', ', access: { scopes: [‸x] } } }'),
      'services.customers.access.scopes[0]  the scope "x" is not declared in oauth.scopes',
    );
  });
});

describe('references', () => {
  test('a service that is not defined', () => {
    expectComplaint(
      `${services}routes: [{ id: a, access: public, match: { path: /a }, to: { service: ‸costumers } }]`,
      'routes[0].to.service  the service "costumers" is not defined: did you mean "customers"?',
    );
  });

  test('what every object inherits is not a service', () => {
    expectComplaint(
      'routes: [{ id: a, access: public, match: { path: /a }, to: { service: ‸constructor } }]',
      'routes[0].to.service  the service "constructor" is not defined',
    );
  });

  test('ids are unique', () => {
    const one = 'id: a, access: public, match: { path: /a }, to: { service: customers }';
    expectComplaint(
      `${services}routes: [{ ${one} }, { ${one.replace('a', '‸a')} }]`,
      'routes[1].id  the id "a" is taken by routes[0]',
    );
    const two = `{ id: job, secretHash: "sha256:${'ab'.repeat(32)}", grants: [client_credentials] }`;
    expectComplaint(
      `oauth: { clients: [${two}, ${two.replace('job', '‸job')}] }`,
      'oauth.clients[1].id  the id "job" is taken by oauth.clients[0]',
    );
  });

  test('a mistake in one part does not hide those of others', () => {
    const found = complaints(`
log: { level: loud }
services: { a: { instances: [] } }
oauth: { clients: [{ id: x, secretHash: no, grants: [], scopes: [zzz] }] }
routes:
  - { id: A, match: { path: a }, to: { service: b } }
  - { id: c, to: { service: d }, access: { scopes: [e] } }
`);
    expect(found.map((line) => line.split('  ')[1])).toEqual([
      'log.level',
      'services.a.instances',
      'oauth.clients[0].secretHash',
      'oauth.clients[0].grants',
      'oauth.clients[0].scopes[0]',
      'routes[0].id',
      'routes[0].match.path',
      'routes[0].to.service',
      'routes[1].match',
      'routes[1].to.service',
      'routes[1].access.scopes[0]',
    ]);
  });
});

describe('clients', () => {
  const hash = `sha256:${'ab'.repeat(32)}`;

  test.each([
    [`secretHash: ‸abc`, 'secretHash  expected sha256: and 64 hex digits, as "garita secret" prints it, got "abc"'],
    [`secretHash: ${hash}, scopes: [‸zzz]`, 'scopes[0]  the scope "zzz" is not declared in oauth.scopes'],
    [
      `secretHash: ${hash}, claims: { groups: ‸x }`,
      'claims.groups  the claim groups cannot be set here: it means something to whoever verifies tokens, choose another name',
    ],
    [
      `secretHash: ${hash}, claims: { roles: ‸[x] }`,
      'claims.roles  the claim roles cannot be set here: use roles of the client',
    ],
    [
      `secretHash: ${hash}, authentication: [‸none]`,
      'authentication[0]  expected client_secret_basic or client_secret_post, got "none"',
    ],
    ['secret: ‸12345', 'secret  write one text in quotes, or a list of two while one replaces the other'],
    ['secret: ‸"${SHORT}"', 'secret  a client secret has at least 32 characters: "garita secret" makes a good one'],
    [
      'secret: ‸correct-horse-battery-staple-correct-horse',
      'secret  secrets do not belong in the file: write ${NAME} and set that variable, or put the hash ("garita secret" makes both)',
    ],
    [
      'secret: [‸"${LONG:-correct-horse-battery-staple-correct-horse}", "${LONG}"]'.replace('${LONG:', '${NOPE:'),
      'secret[0]  secrets do not belong in the file: write ${NAME} and set that variable, or put the hash ("garita secret" makes both)',
    ],
    [
      'secret: ‸"x${LONG}"',
      'secret  secrets do not belong in the file: write ${NAME} and set that variable, or put the hash ("garita secret" makes both)',
    ],
    ['secret: ‸"${NOPE}"', 'secret  the environment variable NOPE is not set'],
  ])('%s', (fields, complaint) =>
    expectComplaint(client(fields), `oauth.clients[0].${complaint}`, { SHORT: 'short-one', LONG: 'y'.repeat(32) }),
  );

  test.each([
    [
      '{ id: a, grants: [client_credentials] }',
      '  a confidential client needs a secret or a secretHash: "garita secret" makes both',
    ],
    [
      `{ id: a, grants: [client_credentials], secretHash: [${hash}, ${hash}], secret: demo-only-x }`,
      '  at most two secrets at a time, counting secret and secretHash together',
    ],
    [
      '{ id: a, type: public, grants: [‸client_credentials] }',
      '.grants[0]  client_credentials is for confidential clients only (RFC 6749 §4.4)',
    ],
    [
      `{ id: a, secretHash: ${hash}, redirectUris: [https://a.example/cb], grants: [‸authorization_code] }`,
      '.grants[0]  authorization_code is for users, and there are none: say under oauth.users who may sign in',
    ],
    [
      `{ id: a, secretHash: ${hash}, grants: [‸magic] }`,
      '.grants[0]  expected authorization_code, refresh_token, client_credentials or password, got "magic"',
    ],
    [`{ id: a, secretHash: ${hash}, grants: ‸[] }`, '.grants  expected at least one grant, got an empty list'],
  ])('%s', (written, complaint) => {
    const marked = written.includes('‸') ? written : `‸${written}`;
    expectComplaint(`oauth: { clients: [${marked}] }`, `oauth.clients[0]${complaint}`);
  });

  test('a secret leaves only its hash, wherever the value came from', () => {
    const secret = '0123456789'.repeat(4);
    const { config, source } = parse(head + client('secret: ["${ONE}", demo-only-two]'), { ONE: secret });
    expect(config.oauth.clients[0]?.secretHashes).toEqual([
      'sha256:fb526cd4ad0ec978c1a9e78f7c0728711139978424d618eb228be59e21188970',
      'sha256:89b04789d4e958a4b77cef64a14d12df21de62f357e05187bf9e325560cbc77b',
    ]);
    expect(JSON.stringify(config)).not.toContain(secret);
    expect(source.isReference(['oauth', 'clients', 0, 'secret', 0])).toBe(true);
    expect(source.isReference(['oauth', 'clients', 0, 'secret', 1])).toBe(false);
  });

  test.each(['demo-only-x', '${DEMO}'])(
    'production refuses the demonstration secret %s, by the name of its client',
    (secret) => {
      const text = client(`secret: ‸"${secret}"`);
      const environment = { DEMO: 'demo-only-from-the-environment-and-long-enough' };
      expect(complaints(text.replace('‸', ''), environment)).toEqual([]);
      expectComplaint(
        text,
        'oauth.clients[0].secret  the secret of the client "job" begins with demo-only-: it is publicly known, so NODE_ENV=production refuses it',
        { ...environment, NODE_ENV: 'production' },
      );
    },
  );
});

describe('environment', () => {
  test('numbers and booleans come out as such, where YAML would read them', () => {
    const text = 'log:\n  exchanges: ${FLAG}\nlimits:\n  address:\n    limit: ${LIMIT}\n    per: ${PER:-2m}\n';
    const { config } = parse(head + text, { FLAG: 'false', LIMIT: '12' });
    expect(config.log.exchanges).toBe(false);
    expect(config.limits.address).toEqual({ limit: 12, per: 120_000 });
  });

  test('a long secret of digits stays a text', () => {
    const digits = '1234567890'.repeat(4);
    expect(
      complaints('oauth:\n  clients:\n    - id: job\n      grants: [client_credentials]\n      secret: ${DIGITS}\n', {
        DIGITS: digits,
      }),
    ).toEqual([]);
  });

  test('a value cannot add structure', () => {
    expectComplaint(
      'name: ‸${NAME}',
      'name  expected up to 40 lower-case letters, digits and dashes, got the value of ${NAME}',
      {
        NAME: 'x\nissuer: http://evil.example',
      },
    );
  });

  test('values of the environment are never shown', () => {
    const url = 'http://user:hunter2@127.0.0.1:7101';
    const [complaint] = complaints('services: { a: { instances: ["${URL}"] } }', { URL: url });
    expect(complaint).toMatch(/, got the value of \$\{URL\}$/);
  });

  test('a variable that is missing is one problem, with its place', () => {
    expectComplaint('name: ‸${NOPE}', 'name  the environment variable NOPE is not set');
    expectComplaint('name: ‸"${"', 'name  a reference reads ${NAME} or ${NAME:-default}; write $${ for ${ itself');
  });

  test('keys stand as they are', () => {
    expectComplaint(
      '‸${KEY}: 1',
      '["${KEY}"]  unknown key "${KEY}": known are version, name, issuer, listen, store, log, limits, cache, oauth, admin, audit, services, policies, routes',
      {
        KEY: 'name',
      },
    );
  });
});

describe('YAML', () => {
  test('a key that stands twice', () => {
    expectComplaint('name: a\n‸name: b\n', 'the key "name" stands twice in the same map');
    expectComplaint('name: a\n‸"name" : b\n', 'the key "name" stands twice in the same map');
  });

  test('a second document', () => {
    expectComplaint('‸---\nname: x\n', 'a configuration is one document: another one begins here');
  });

  test('broken syntax is all that is reported', () => {
    const found = complaints('log: { level: loud\nname: X\n');
    expect(found.length).toBeGreaterThan(0);
    for (const line of found) expect(line).toMatch(/^garita\.yaml:\d+:\d+ {2}not valid YAML: /);
  });

  test('a reference that YAML takes for a map', () => {
    expectComplaint('log: { level: $‸{LEVEL} }\n', 'inside of { } and [ ], a reference stands in quotes: "${NAME}"');
  });

  test('an unknown tag', () => {
    expect(complaints('name: !secret x\n')).toEqual([
      expect.stringContaining('not valid YAML: Unresolved tag: !secret'),
    ]);
  });

  test('an alias works, and problems point to where the value stands', () => {
    expect(complaints('log: &a { level: info }\nservices: {}\n')).toEqual([]);
    const text = 'services:\n  a: &a { instances: ["http://a"], balnce: x }\n  b: *a\n';
    expect(complaints(text).map((line) => line.split('  ').slice(0, 2))).toEqual([
      ['garita.yaml:4:36', 'services.a.balnce'],
      ['garita.yaml:4:36', 'services.b.balnce'],
    ]);
  });

  test('an alias inside of its own anchor', () => {
    expect(complaints('policies: &a [‸*a]'.replace('‸', ''))[0]).toBe(
      'garita.yaml:3:15  the alias *a is inside of what it stands for',
    );
  });

  test('aliases that explode', () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `l${n}: &l${n} [${n === 0 ? 'x' : `*l${n - 1}`}${`, *l${n - 1}`.repeat(n === 0 ? 0 : 9)}]`,
    );
    expect(complaints(`${levels.join('\n')}\n`)).toContain(
      'garita.yaml:1:1  the aliases of this file expand to more than 1000 values: write them out',
    );
  });
});

describe('files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'garita-config-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('are named as their user named them', async () => {
    await writeFile(join(folder, 'bad.yaml'), `${head}name: X\n`);
    await expect(loadConfig({ file: './bad.yaml', folder, environment: {} })).rejects.toThrow(
      /^\.\/bad\.yaml:3:7 {2}name/,
    );
  });

  test('have the database beside them', async () => {
    await writeFile(join(folder, 'good.yaml'), `${head}store: { use: sqlite, with: { file: ./x.db } }\n`);
    const { config, source } = await loadConfig({ file: 'good.yaml', folder, environment: {}, overrides: { port: 1 } });
    expect(config.store).toEqual({ use: 'sqlite', with: { file: join(folder, 'x.db') } });
    expect(config.issuer).toBe('http://127.0.0.1:1');
    expect(source.file).toBe('good.yaml');
  });

  test('that are not there are one clear message', async () => {
    const file = 'nope.yaml';
    await expect(loadConfig({ file, folder, environment: {} })).rejects.toThrow(
      /^nope\.yaml: there is no such file: name one, as in garita check my-garita\.yaml$/,
    );
    await expect(loadConfig({ file: '.', folder, environment: {} })).rejects.toThrow(/^\.: this is a folder/);
  });
});
