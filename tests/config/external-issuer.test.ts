import { parseConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problem.ts';

const head = 'version: 1\nissuer: https://api.example.com\n';
const parse = (rest: string) => parseConfig(head + rest, { file: 'garita.yaml', environment: {} }).config;

function complaints(rest: string): string[] {
  try {
    parse(rest);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').slice(0, -1);
    throw error;
  }
  return [];
}

const idp = 'https://idp.example.com/realms/staff';
const entry = (fields = '', issuer = idp) => `    - { issuer: "${issuer}", audience: api${fields} }\n`;
const issuers = (...entries: string[]) => `oauth:\n  scopes: { read: Read }\n  issuers:\n${entries.join('')}`;
const route = (access: string) =>
  `services: { things: { instances: ["http://127.0.0.1:7101"] } }\nroutes:\n` +
  `  - { id: a, match: { path: "/{id}" }, to: { service: things }, access: ${access} }\n`;

test('an issuer needs its name and an audience; the rest has defaults', () => {
  expect(parse(issuers(entry())).oauth.issuers).toEqual([
    {
      issuer: idp,
      audience: 'api',
      algorithms: ['RS256', 'ES256'],
      typ: 'at+jwt',
      claims: { scopes: 'scope', roles: 'roles', client: 'client_id' },
    },
  ]);
  const whole = ', keys: "https://idp.example.com/k?x=1", algorithms: [ES256], typ: any, claims: { roles: groups }';
  expect(parse(issuers(entry(whole))).oauth.issuers[0]).toMatchObject({
    keys: 'https://idp.example.com/k?x=1',
    algorithms: ['ES256'],
    typ: 'any',
    claims: { scopes: 'scope', roles: 'groups', client: 'client_id' },
  });
});

test.each(['https://tenant.idp.example/', 'https://idp.example', 'http://127.0.0.1:9000/realm', 'http://localhost'])(
  'takes the issuer %s as it calls itself',
  (issuer) => {
    expect(parse(issuers(entry('', issuer))).oauth.issuers[0]?.issuer).toBe(issuer);
  },
);

const at = 'garita.yaml:6:17  oauth.issuers[0].issuer  ';
test.each([
  [
    'http://idp.example.com',
    `${at}an issuer off this machine uses https: tokens must not travel in the clear (RFC 8414 §2)`,
  ],
  ['https://idp.example.com/?x', `${at}an issuer has no query and no fragment (RFC 8414 §2)`],
  ['https://idp.example.com/#x', `${at}an issuer has no query and no fragment (RFC 8414 §2)`],
  ['https://u:p@idp.example.com', `${at}an issuer has no user and no password in it`],
  ['https://IDP.example.com', `${at}write the issuer in its plain form: https://idp.example.com`],
  ['idp', `${at}expected a URL such as https://idp.example.com/realms/staff, got "idp"`],
  ['https://api.example.com', `${at}this is the issuer of this gateway itself, which needs no entry`],
])('refuses the issuer %s', (issuer, complaint) => {
  expect(complaints(issuers(entry('', issuer)))).toEqual([complaint]);
});

test.each([
  ['keys: "http://idp.example.com/jwks"', 'keys  keys come over https'],
  ['keys: "https://u:p@idp.example.com/jwks"', 'keys  keys come over https'],
  ['keys: "file:///jwks"', 'keys  keys come over https'],
  ['keys: jwks', 'keys  expected the address of a key set such as https://idp.example.com/jwks.json, got "jwks"'],
  ['algorithms: []', 'algorithms  expected at least one of RS256 and ES256'],
  ['algorithms: [HS256]', 'algorithms[0]  expected RS256 or ES256, got "HS256"'],
  ['algorithms: [none]', 'algorithms[0]  expected RS256 or ES256, got "none"'],
  ['typ: JWT', 'typ  expected at+jwt or any, got "JWT"'],
  ['claims: { scope: scp }', 'claims.scope  unknown key "scope": did you mean "scopes"?'],
  ['claims: { roles: "" }', 'claims.roles  expected the name of a claim, got ""'],
  ['secret: x', 'secret  unknown key "secret"'],
])('refuses %s', (field, complaint) => {
  expect(complaints(issuers(entry(`, ${field}`)))).toEqual([expect.stringContaining(`oauth.issuers[0].${complaint}`)]);
});

test('an issuer without an audience is refused: its tokens are for everybody', () => {
  expect(complaints(issuers(`    - { issuer: "${idp}" }\n`))).toEqual([
    'garita.yaml:6:7  oauth.issuers[0].audience  missing: expected a text such as https://api.example.com',
  ]);
});

test('one issuer is described once', () => {
  expect(complaints(issuers(entry(), entry()))).toEqual([
    `garita.yaml:7:17  oauth.issuers[1].issuer  the issuer ${idp} is described by oauth.issuers[0] already`,
  ]);
});

describe('a rule', () => {
  const accessOf = (access: string) => parse(issuers(entry()) + route(access)).routes[0]?.access;

  test('names the issuers that it accepts', () => {
    const scopes = { all: [], any: [] };
    expect(accessOf(`{ issuers: [own, "${idp}"] }`)).toEqual({
      kind: 'authenticated',
      scopes,
      issuers: ['own', idp],
    });
    expect(accessOf(`{ issuers: ["${idp}"], scopes: [read] }`)).toMatchObject({ issuers: [idp] });
    expect(accessOf('authenticated')).toEqual({ kind: 'authenticated', scopes });
  });

  test.each([
    ['[]', 'issuers  expected a list of issuers: own, or those of oauth.issuers, got an empty list'],
    ['own', 'issuers  expected a list of issuers: own, or those of oauth.issuers, got "own"'],
    ['[own, own]', 'issuers  an issuer is in the list twice'],
    ['[7]', 'issuers[0]  expected own, or an issuer of oauth.issuers, got 7'],
    [`["${idp}/"]`, `issuers[0]  the issuer "${idp}/" is not in oauth.issuers: did you mean "${idp}"?`],
    ['[own, nobody]', 'issuers[1]  the issuer "nobody" is not in oauth.issuers'],
    [
      '["https://api.example.com"]',
      'issuers[0]  the issuer "https://api.example.com" is not in oauth.issuers: for the issuer of this gateway write own',
    ],
  ])('is refused with issuers %s', (list, complaint) => {
    expect(complaints(issuers(entry()) + route(`{ issuers: ${list} }`))).toEqual([
      expect.stringContaining(`routes[0].access.${complaint}`),
    ]);
  });

  test('of a service is checked as well', () => {
    const services = 'services: { things: { instances: ["http://127.0.0.1:7101"], access: { issuers: [nobody] } } }\n';
    expect(complaints(services)).toEqual([
      'garita.yaml:3:81  services.things.access.issuers[0]  the issuer "nobody" is not in oauth.issuers',
    ]);
  });
});
