import { createHmac } from 'node:crypto';
import type { ExternalIssuerConfig } from '../../src/config/external-issuer.ts';
import { GatewayError } from '../../src/errors/gateway-error.ts';
import type { Principal } from '../../src/model/principal.ts';
import { BoundedMemory } from '../../src/stores/memory/bounded-memory.ts';
import { createExternalIssuer } from '../../src/tokens/external-issuer.ts';
import { readJwkSet } from '../../src/tokens/jwk-set.ts';
import type { RemoteKeySet } from '../../src/tokens/remote-key-set.ts';
import { TokenError } from '../../src/tokens/token-error.ts';
import { makeProviderKey, signToken } from '../support/start-identity-provider.ts';

const issuer = 'https://idp.example/realms/staff';
const audience = 'https://api.example';
const issuedAt = 1_700_000_000;
const rsa = makeProviderKey('RS256', 'rsa-1');
const ec = makeProviderKey('ES256', 'ec-1');
const published = readJwkSet({ keys: [rsa.jwk, ec.jwk] });

const claims = {
  iss: issuer,
  sub: 'ada',
  aud: audience,
  exp: issuedAt + 300,
  iat: issuedAt,
  jti: 'token-1',
  client_id: 'portal',
  scope: 'read write',
  roles: ['clerk'],
};

const usual: ExternalIssuerConfig = {
  issuer,
  audience,
  algorithms: ['RS256', 'ES256'],
  typ: 'at+jwt',
  claims: { scopes: 'scope', roles: 'roles', client: 'client_id' },
};

/** A verifier ten seconds after the tokens were issued. */
function open(further: Partial<ExternalIssuerConfig> = {}, keys: RemoteKeySet = published) {
  const state = { now: issuedAt + 10, lookups: 0 };
  const memory = new BoundedMemory<Principal>({ maxBytes: 1_000_000, clock: () => state.now * 1_000 });
  const find: RemoteKeySet['find'] = (id, algorithm) => {
    state.lookups++;
    return keys.find(id, algorithm);
  };
  const { verify } = createExternalIssuer({
    settings: { ...usual, ...further },
    keys: { find },
    clock: () => state.now,
    memory,
  });
  return { state, memory, verify };
}

const header = { alg: 'RS256', typ: 'at+jwt', kid: 'rsa-1' };
const token = (further: object = {}, head: object = {}) =>
  signToken({ ...header, ...head }, { ...claims, ...further }, rsa.privateKey);

function expectRefusal(bad: string, reason: string | RegExp, further: Partial<ExternalIssuerConfig> = {}): void {
  const { verify, memory } = open(further);
  expect(() => verify(bad)).toThrow(TokenError);
  expect(() => verify(bad)).toThrow(reason);
  expect(memory.size).toBe(0);
}

test('says whom it speaks for, by names that begin with the issuer', () => {
  expect(open().verify(token())).toEqual({
    subject: `${issuer}#ada`,
    clientId: `${issuer}#portal`,
    scopes: ['read', 'write'],
    roles: ['clerk'],
    tokenId: `${issuer}#token-1`,
    grantId: undefined,
    expiresAt: issuedAt + 300,
    claims,
  });
});

test('a client that acts for itself still does', () => {
  const principal = open().verify(token({ sub: 'portal' })) as Principal;
  expect(principal.subject).toBe(principal.clientId);
});

test('accepts ES256 and one audience of several', () => {
  const es256 = signToken({ ...header, alg: 'ES256', kid: 'ec-1' }, claims, ec.privateKey);
  expect(open().verify(es256)).toMatchObject({ subject: `${issuer}#ada` });
  expect(open().verify(token({ aud: ['x', audience] }))).toMatchObject({ subject: `${issuer}#ada` });
  expectRefusal(es256, 'an algorithm that its issuer may not use', { algorithms: ['RS256'] });
});

test('remembers a good one for a minute, and never beyond its end', () => {
  const { state, verify } = open();
  const good = token();
  expect(verify(good)).toBe(verify(good));
  expect(state.lookups).toBe(1);
  state.now += 60;
  verify(good);
  expect(state.lookups).toBe(2);
  state.now = issuedAt + 300;
  expect(() => verify(good)).toThrow('expired');
});

test('waits for keys that are not known yet, and remembers then too', async () => {
  const { state, memory, verify } = open({}, { find: async (id, algorithm) => published.find(id, algorithm) });
  const good = token();
  expect(await verify(good)).toMatchObject({ subject: `${issuer}#ada` });
  expect(memory.size).toBe(1);
  verify(good);
  expect(state.lookups).toBe(1);
  await expect(verify(token({ aud: 'x' }))).rejects.toThrow(TokenError);
});

test('that no keys can be had is not the fault of the token', async () => {
  const { verify } = open({}, { find: async () => Promise.reject(new GatewayError('GW_ISSUER_UNAVAILABLE')) });
  await expect(verify(token())).rejects.toMatchObject({ code: 'GW_ISSUER_UNAVAILABLE' });
});

describe('its header', () => {
  test('may be written with blanks between its members', () => {
    const spaced = '{"alg":"RS256","typ" : "at+jwt","kid" : "rsa-1"}';
    expect(open().verify(signToken(spaced, claims, rsa.privateKey))).toMatchObject({ subject: `${issuer}#ada` });
    const twice = '{"alg":"RS256", "typ" : "at+jwt", "kid":"other", "kid" : "rsa-1"}';
    expectRefusal(signToken(twice, claims, rsa.privateKey), 'repeated members');
  });

  test('may name a certificate by its thumbprint, and bring nothing', () => {
    expect(open().verify(token({}, { x5t: 'a', 'x5t#S256': 'b' }))).toMatchObject({ subject: `${issuer}#ada` });
    for (const member of ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'cty', 'nonce']) {
      expectRefusal(token({}, { [member]: 'https://evil.example/' }), 'a header member other than');
    }
  });

  test.each([
    ['JWT', false, true],
    ['jwt', false, true],
    [undefined, false, true],
    ['at+jwt', true, true],
    ['application/at+jwt', true, true],
    ['AT+JWT', true, true],
    ['logout+jwt', false, false],
    ['dpop+jwt', false, false],
    ['', false, false],
    [['JWT'], false, false],
    [null, false, false],
  ])('with the type %p: at+jwt %p, any %p', (typ, strict, any) => {
    for (const [setting, accepted] of [
      ['at+jwt', strict],
      ['any', any],
    ] as const) {
      if (accepted) expect(open({ typ: setting }).verify(token({}, { typ }))).toBeDefined();
      else expectRefusal(token({}, { typ }), 'not an access token by its typ', { typ: setting });
    }
  });

  test.each(['none', 'None', 'HS256', 'RS384', 'PS256', 'EdDSA', ''])('with the algorithm %p', (alg) => {
    expectRefusal(token({}, { alg }), 'an algorithm that its issuer may not use');
  });

  test('with HS256, keyed with the public key', () => {
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
    const [, body] = token().split('.');
    const text = `${Buffer.from(JSON.stringify({ ...header, alg: 'HS256' })).toString('base64url')}.${body}`;
    expectRefusal(`${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`, 'may not use');
  });

  test('with the id of a key that is not there, of another algorithm, or somebody else', () => {
    expectRefusal(token({}, { kid: 'x' }), 'a key that its issuer does not have');
    expectRefusal(token({}, { kid: 'ec-1' }), 'a key that its issuer does not have');
    expectRefusal(token({}, { alg: 'ES256', kid: 'ec-1' }), /signature/);
    const stranger = makeProviderKey('RS256', 'rsa-1');
    expectRefusal(signToken(header, claims, stranger.privateKey), 'invalid signature');
  });
});

describe('its claims', () => {
  test.each([
    ['iss', `${issuer}/`],
    ['iss', [issuer]],
    ['aud', 'https://other.example'],
    ['aud', undefined],
    ['aud', [[audience]]],
    ['sub', undefined],
    ['sub', ''],
    ['exp', undefined],
    ['exp', `${issuedAt + 300}`],
    ['exp', issuedAt + 10],
    ['iat', issuedAt + 41],
    ['nbf', issuedAt + 41],
    ['nbf', 'soon'],
    ['client_id', undefined],
    ['client_id', ['portal']],
    ['scope', 7],
    ['scope', ['read', 1]],
    ['roles', { clerk: true }],
    ['roles', 1],
    ['jti', 7],
    ['at_hash', 'x'],
    ['c_hash', 'x'],
    ['cnf', { jkt: 'x' }],
  ])('with %s = %p are refused, whatever the type', (name, value) => {
    for (const typ of ['at+jwt', 'any'] as const) expectRefusal(token({ [name]: value }), '', { typ });
  });

  test('by RFC 9068 have iat and jti; of others a token without them is told apart by its hash', () => {
    for (const name of ['iat', 'jti']) expectRefusal(token({ [name]: undefined }), `the claim ${name} is missing`);
    const ids = ['ada', 'bob'].map((sub) => {
      const principal = open({ typ: 'any' }).verify(token({ sub, iat: undefined, jti: undefined })) as Principal;
      return principal.tokenId;
    });
    expect(new Set(ids).size).toBe(2);
    expect(ids[0]).toMatch(/^https:\/\/idp\.example\/realms\/staff#[\w-]{43}$/);
  });

  test.each<[string, object, readonly string[]]>([
    ['realm_access.roles', { realm_access: { roles: ['a', 'b'] } }, ['a', 'b']],
    ['https://example.com/roles', { 'https://example.com/roles': ['a'] }, ['a']],
    ['a.b', { 'a.b': ['whole'], a: { b: ['path'] } }, ['whole']],
    ['group', { group: 'staff members' }, ['staff members']],
    ['realm_access.roles', { realm_access: null }, []],
    ['realm_access.roles', { realm_access: ['roles'] }, []],
    ['a.constructor.name', { a: {} }, []],
    ['__proto__', {}, []],
  ])('roles are found by %s', (name, given, roles) => {
    const settings = { claims: { ...usual.claims, roles: name } };
    expect(open(settings).verify(token({ roles: ['not', 'these'], ...given }))).toMatchObject({ roles });
  });

  test('scopes may be a list, the client has another name', () => {
    const settings = { claims: { scopes: 'scp', roles: 'roles', client: 'azp' } };
    const principal = open(settings).verify(token({ scp: ['a', 'b'], azp: 'desk', client_id: 7 }));
    expect(principal).toMatchObject({ scopes: ['a', 'b'], clientId: `${issuer}#desk` });
    expect(open().verify(token({ scope: undefined, roles: undefined }))).toMatchObject({ scopes: [], roles: [] });
  });
});
