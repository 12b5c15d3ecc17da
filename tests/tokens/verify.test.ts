import { createHmac, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { actsForItself, type Principal } from '../../src/model/principal.ts';
import { BoundedMemory } from '../../src/stores/memory/bounded-memory.ts';
import { createMemoryKeyStore } from '../../src/stores/memory/memory-key-store.ts';
import type { SigningKeys } from '../../src/tokens/keys.ts';
import { generateSigningKey, readSigningKey, type SigningKey } from '../../src/tokens/signing-key.ts';
import { TokenError } from '../../src/tokens/token-error.ts';
import { createTokenVerifier, type TokenVerifier } from '../../src/tokens/verify.ts';
import { makePrincipal } from '../model/make-exchange.ts';
import { openKeys } from './open-keys.ts';

const issuer = 'https://id.example';
const audience = 'https://api.example';
const issuedAt = 1_700_000_000;

const goodClaims = {
  iss: issuer,
  sub: 'ada',
  aud: audience,
  exp: issuedAt + 300,
  iat: issuedAt,
  jti: 'token-1',
  client_id: 'storefront',
  scope: 'customers:read customers:write',
  roles: ['clerk'],
  tenant: 'north',
};

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Signs by hand whatever a test wants to smuggle in. */
function makeToken(header: unknown, claims: unknown, key: KeyObject): string {
  const text = `${encode(header)}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

describe('verifying an access token', () => {
  let keys: SigningKeys;
  let rsa: SigningKey;
  let ec: SigningKey;
  let stranger: SigningKey;
  let now: number;
  let checks: number;
  let dropped: Set<string>;
  let memory: BoundedMemory<Principal>;
  let revoked: Set<string>;
  let verifier: TokenVerifier;

  beforeAll(async () => {
    const store = createMemoryKeyStore();
    ec = (await openKeys({ store, algorithm: 'ES256' })).current();
    keys = await openKeys({ store, algorithm: 'RS256' });
    rsa = keys.current();
    stranger = readSigningKey(await generateSigningKey('RS256', 0));
  });

  beforeEach(() => {
    now = issuedAt + 10;
    checks = 0;
    dropped = new Set();
    revoked = new Set();
    memory = new BoundedMemory({ maxBytes: 1_000_000, clock: () => now * 1_000 });
    const find = (id: string): SigningKey | undefined => {
      const key = dropped.has(id) ? undefined : keys.find(id);
      if (key === undefined) return undefined;
      return {
        ...key,
        get publicKey() {
          checks++;
          return key.publicKey;
        },
      };
    };
    const revocations = { covers: ({ tokenId }: Principal) => revoked.has(tokenId) };
    verifier = createTokenVerifier({ issuer, audience, keys: { find }, revocations, clock: () => now, memory });
  });

  const header = () => ({ alg: 'RS256', typ: 'at+jwt', kid: rsa.id });
  const withClaims = (claims: object) => makeToken(header(), { ...goodClaims, ...claims }, rsa.privateKey);
  const withHeader = (further: object) => makeToken({ ...header(), ...further }, goodClaims, rsa.privateKey);
  const good = () => makeToken(header(), goodClaims, rsa.privateKey);

  function expectRefusalOf(token: string, reason: RegExp | string): void {
    const refuse = () => verifier.verify(token);
    expect(refuse).toThrow(TokenError);
    expect(refuse).toThrow(reason);
  }

  function expectRefusal(token: string, reason: RegExp | string): void {
    expectRefusalOf(token, reason);
    expect(memory.size).toBe(0);
  }

  test('says whom it speaks for', () => {
    expect(verifier.verify(good())).toEqual({
      subject: 'ada',
      clientId: 'storefront',
      scopes: ['customers:read', 'customers:write'],
      roles: ['clerk'],
      tokenId: 'token-1',
      grantId: undefined,
      keyId: rsa.id,
      expiresAt: issuedAt + 300,
      claims: goodClaims,
    });
  });

  test('accepts ES256, the long form of the type, and one audience of several', () => {
    const token = makeToken({ alg: 'ES256', typ: 'at+jwt', kid: ec.id }, goodClaims, ec.privateKey);
    expect(verifier.verify(token).subject).toBe('ada');
    expect(verifier.verify(withHeader({ typ: 'application/at+jwt' })).subject).toBe('ada');
    expect(verifier.verify(withClaims({ aud: ['https://other.example', audience] })).subject).toBe('ada');
  });

  test('takes a token without scope and roles for one that may nothing', () => {
    const principal = verifier.verify(withClaims({ scope: undefined, roles: undefined }));
    expect([principal.scopes, principal.roles]).toEqual([[], []]);
  });

  describe('remembers', () => {
    test('a good one, without checking its signature again', () => {
      const token = good();
      expect(verifier.verify(token)).toBe(verifier.verify(token));
      expect(checks).toBe(1);
    });

    test('for a minute at most', () => {
      const token = good();
      verifier.verify(token);
      now += 60;
      verifier.verify(token);
      expect(checks).toBe(2);
    });

    test('and never beyond its end', () => {
      now = issuedAt + 290;
      const token = good();
      verifier.verify(token);
      now = issuedAt + 299.999;
      verifier.verify(token);
      now = issuedAt + 300;
      expectRefusal(token, 'expired');
    });
  });

  describe('refuses a revoked one', () => {
    test('also when it is remembered', () => {
      const token = good();
      verifier.verify(token);
      revoked.add('token-1');
      expect(() => verifier.verify(token)).toThrow(new TokenError('revoked'));
      revoked.clear();
      expect(verifier.verify(token).subject).toBe('ada');
    });

    test('when it is seen for the first time, and does not remember it', () => {
      revoked.add('token-1');
      expectRefusal(good(), 'revoked');
    });
  });

  describe('refuses one whose key is gone', () => {
    test('also when it is remembered', () => {
      const token = good();
      const principal = verifier.verify(token);
      dropped.add(rsa.id);
      expect(() => verifier.verify(token)).toThrow(new TokenError('revoked'));
      expect(() => verifier.recall(token)).toThrow(new TokenError('revoked'));
      expect(verifier.isRevoked(principal)).toBe(true);
    });

    test('and nobody else’s', () => {
      const token = makeToken({ alg: 'ES256', typ: 'at+jwt', kid: ec.id }, goodClaims, ec.privateKey);
      verifier.verify(token);
      dropped.add(rsa.id);
      expect(verifier.verify(token).keyId).toBe(ec.id);
      expectRefusalOf(good(), 'signed with a key that is not ours');
    });
  });

  test('holds no token of another issuer for revoked: they are not ours to take back', () => {
    revoked.add('token-1');
    expect(verifier.isRevoked(makePrincipal({ tokenId: 'token-1' }))).toBe(false);
    expect(verifier.isRevoked(makePrincipal({ tokenId: 'token-1', keyId: rsa.id }))).toBe(true);
  });

  test('says which grant it comes from, and takes nobody with a grant for a service', () => {
    const principal = verifier.verify(withClaims({ sub: 'storefront', sid: 'grant-1', auth_time: issuedAt - 5 }));
    expect([principal.grantId, principal.claims.auth_time]).toEqual(['grant-1', issuedAt - 5]);
    expect(actsForItself(principal)).toBe(false);
    expect(actsForItself(verifier.verify(withClaims({ sub: 'storefront' })))).toBe(true);
  });

  test('accepts a token for anybody only where it does not matter whom it is for', () => {
    const token = withClaims({ aud: 'https://files.example' });
    expectRefusal(token, 'audience');
    const anybody = createTokenVerifier({
      issuer,
      audience: undefined,
      keys,
      revocations: { covers: () => false },
      clock: () => now,
      memory,
    });
    expect(anybody.verify(token).claims.aud).toBe('https://files.example');
    expect(() => anybody.verify(withClaims({ iss: 'https://other.example' }))).toThrow('issuer');
  });

  test('recalls only what it has verified', () => {
    const token = good();
    expect(verifier.recall(token)).toBeUndefined();
    const principal = verifier.verify(token);
    expect(verifier.recall(token)).toBe(principal);
    revoked.add('token-1');
    expect(() => verifier.recall(token)).toThrow(new TokenError('revoked'));
    now += 60;
    expect(verifier.recall(token)).toBeUndefined();
  });

  describe('refuses, by its signature,', () => {
    test.each(['none', 'None', 'nOnE', 'NONE'])('the algorithm %s', (alg) => {
      const text = `${encode({ ...header(), alg })}.${encode(goodClaims)}`;
      expectRefusal(`${text}.`, 'not canonical base64url');
      expectRefusal(`${text}.AAAA`, 'an algorithm that is not the one of its key');
    });

    test('an empty signature', () => {
      expectRefusal(good().replace(/[^.]+$/, ''), 'not canonical base64url');
    });

    test('a signature over other claims', () => {
      const [head, , signature] = good().split('.');
      expectRefusal(`${head}.${encode({ ...goodClaims, sub: 'eve' })}.${signature}`, 'invalid signature');
    });

    test('HS256 keyed with the public RSA key, in every spelling of it', () => {
      const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
      for (const secret of [pem, pem.toString().trim(), rsa.publicKey.export({ type: 'pkcs1', format: 'pem' })]) {
        const text = `${encode({ ...header(), alg: 'HS256' })}.${encode(goodClaims)}`;
        const signature = createHmac('sha256', secret).update(text).digest('base64url');
        expectRefusal(`${text}.${signature}`, 'an algorithm that is not the one of its key');
      }
    });

    test('the id of another of our keys', () => {
      const token = makeToken({ alg: 'RS256', typ: 'at+jwt', kid: ec.id }, goodClaims, rsa.privateKey);
      expectRefusal(token, 'an algorithm that is not the one of its key');
      const confused = makeToken({ alg: 'ES256', typ: 'at+jwt', kid: ec.id }, goodClaims, rsa.privateKey);
      expectRefusal(confused, /signature/i);
    });

    test("a stranger's key under our id, and under its own", () => {
      expectRefusal(makeToken(header(), goodClaims, stranger.privateKey), 'invalid signature');
      const own = makeToken({ ...header(), kid: stranger.id }, goodClaims, stranger.privateKey);
      expectRefusal(own, 'signed with a key that is not ours');
    });

    test.each(['RS384', 'RS512', 'PS256', 'ES256', 'rs256', ''])('the algorithm %p with an RS256 key', (alg) => {
      expectRefusal(withHeader({ alg }), 'an algorithm that is not the one of its key');
    });
  });

  describe('refuses, by its header,', () => {
    test.each(['../', '\0', "' OR 1=1 --", '__proto__', 'constructor', ''])('the key id %p', (kid) => {
      expectRefusal(withHeader({ kid }), 'signed with a key that is not ours');
    });

    test.each([[['a']], [{ a: 1 }], [7], [null], [undefined], ['k'.repeat(129)]])('the key id %p', (kid) => {
      expectRefusal(withHeader({ kid }), 'no usable key id');
    });

    test.each(['jwk', 'jku', 'x5u', 'x5c', 'x5t', 'crit', 'b64', 'cty', 'zip'])('a member %s', (member) => {
      const value = member === 'jwk' ? stranger.publicJwk : member === 'crit' ? ['exp'] : 'https://evil.example/keys';
      const token = makeToken({ ...header(), [member]: value }, goodClaims, stranger.privateKey);
      expectRefusal(token, 'a header member other than alg, typ and kid');
    });

    test.each(['JWT', 'AT+JWT', 'id_token+jwt', '', undefined, ['at+jwt'], 1])('the type %p', (typ) => {
      expectRefusal(withHeader({ typ }), 'not an access token by its typ');
    });

    test('repeated members, and a header that is no object', () => {
      const double = `{"alg":"none","alg":"RS256","typ":"at+jwt","kid":"${rsa.id}"}`;
      expectRefusal(makeToken(double, goodClaims, rsa.privateKey), 'repeated members');
      expectRefusal(makeToken('[]', goodClaims, rsa.privateKey), 'a header that is no object');
      expectRefusal(makeToken('null', goodClaims, rsa.privateKey), 'a header that is no object');
      expectRefusal(makeToken('{alg:1}', goodClaims, rsa.privateKey), 'a header that is not JSON');
    });
  });

  describe('refuses, by its form,', () => {
    test('fewer and more than three parts', () => {
      for (const token of ['', 'a', 'a.b', `${good()}.a`, `${good()}.a.b`]) expectRefusal(token, 'parts instead of 3');
    });

    test('padding, stray bits, foreign characters and blanks', () => {
      const token = good();
      const last = token.at(-1)!;
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      // 256 bytes leave 4 unused bits in the last character: the next one decodes to the same signature.
      const twin = token.slice(0, -1) + alphabet[alphabet.indexOf(last) + 1];
      expect(Buffer.from(twin.split('.')[2]!, 'base64url')).toEqual(Buffer.from(token.split('.')[2]!, 'base64url'));
      for (const variant of [
        twin,
        `${token}==`,
        `${token} `,
        ` ${token}`,
        `${token}\n`,
        token.replace('.', '.\u00e9'),
      ]) {
        expectRefusal(variant, 'not canonical base64url');
      }
    });

    test('more than 8 kB', () => {
      expectRefusal(withClaims({ padding: 'x'.repeat(9_000) }), 'longer than 8 kB');
    });

    test('every single change of a character', () => {
      const token = good();
      fc.assert(
        fc.property(fc.nat(token.length - 1), fc.constantFrom(...'Aa0-_.=~ '), (at, character) => {
          fc.pre(token[at] !== character);
          expectRefusal(token.slice(0, at) + character + token.slice(at + 1), '');
        }),
        { numRuns: 150 },
      );
    });
  });

  describe('refuses, by its claims,', () => {
    test.each([issuer.toUpperCase(), `${issuer}/`, 'https://evil.example', undefined, [issuer], ''])(
      'the issuer %p',
      (iss) => {
        expectRefusal(withClaims({ iss }), '');
      },
    );

    test.each([
      'https://other.example',
      ['https://other.example'],
      [],
      undefined,
      `${audience}/`,
      { 0: audience },
      [[audience]],
    ])('the audience %p', (aud) => {
      expectRefusal(withClaims({ aud }), '');
    });

    test('an ID token', () => {
      const { client_id: _, jti: __, ...claims } = goodClaims;
      expectRefusal(makeToken({ ...header(), typ: 'JWT' }, { ...claims, aud: 'storefront' }, rsa.privateKey), 'typ');
      expectRefusal(makeToken(header(), claims, rsa.privateKey), 'the claim jti is missing');
    });

    test.each([
      ['absent', undefined],
      ['past', issuedAt + 9],
      ['reached', issuedAt + 10],
      ['a text', `${issuedAt + 300}`],
      ['null', null],
      ['negative', -1],
    ])('an end that is %s', (_how, exp) => {
      expectRefusal(withClaims({ exp }), '');
    });

    test.each(['nbf', 'iat'])('%s more than 30 s ahead, and no sooner', (claim) => {
      expectRefusal(withClaims({ [claim]: now + 31 }), /future|active/);
      expect(verifier.verify(withClaims({ [claim]: now + 30 })).subject).toBe('ada');
    });

    test.each(['sub', 'client_id', 'jti', 'iat', 'scope', 'roles', 'nbf', 'auth_time', 'sid', 'epoch'])(
      'a %s of another type',
      (name) => {
        for (const value of [{}, [1], null, true]) expectRefusal(withClaims({ [name]: value }), '');
      },
    );

    test.each([-1, 0.5, 2 ** 53, '1'])('the epoch %p', (epoch) => {
      expectRefusal(withClaims({ epoch }), 'the claim epoch is of the wrong type');
    });

    test.each(['sub', 'client_id', 'jti', 'iat', 'exp', 'iss', 'aud'])('a missing %s', (name) => {
      expectRefusal(withClaims({ [name]: undefined }), '');
    });

    test.each(['sub', 'client_id'])('a %s in the form that those of other issuers have', (name) => {
      expectRefusal(withClaims({ [name]: 'https://idp.example/realm#ada' }), 'a name that is kept for other issuers');
      expectRefusal(withClaims({ [name]: 'HTTP://127.0.0.1:1#' }), 'a name that is kept for other issuers');
      expect(verifier.verify(withClaims({ [name]: 'https://example.com/ada' })).tokenId).toBe('token-1');
    });

    test.each(['"text"', '[]', 'null', '42', 'not JSON'])('claims that are no object: %s', (claims) => {
      expectRefusal(makeToken(header(), claims, rsa.privateKey), '');
    });
  });
});
