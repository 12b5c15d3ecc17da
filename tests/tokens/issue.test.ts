import { verify } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { type AccessTokenInput, createTokenIssuer } from '../../src/tokens/issue.ts';
import type { SigningKeys } from '../../src/tokens/keys.ts';
import { openKeys } from './open-keys.ts';

const now = 1_700_000_000;
const input: AccessTokenInput = {
  subject: 'back-office',
  clientId: 'back-office',
  audience: 'https://api.example',
  scopes: ['customers:read', 'customers:write'],
  roles: ['clerk'],
  lifetime: 300,
  claims: {},
};

/** As a verifier elsewhere gets it. */
const jwksOf = (keys: SigningKeys) => JSON.parse(JSON.stringify(keys.publicJwks()));

const read = (part: string | undefined): unknown => JSON.parse(Buffer.from(part!, 'base64url').toString());

describe.each(['RS256', 'ES256'] as const)('an access token signed with %s', (algorithm) => {
  let keys: SigningKeys;
  beforeAll(async () => {
    keys = await openKeys({ algorithm, clock: () => now });
  });
  const issue = (further: Partial<AccessTokenInput> = {}) =>
    createTokenIssuer({
      issuer: 'https://id.example',
      keys,
      revocations: { epoch: 7 },
      clock: () => now + 0.9,
    }).issueAccessToken({ ...input, ...further });

  test('has the header and claims of RFC 9068', async () => {
    const { token, id, expiresAt } = await issue();
    const [header, payload] = token.split('.');
    expect(read(header)).toEqual({ alg: algorithm, typ: 'at+jwt', kid: keys.current().id });
    expect(read(payload)).toEqual({
      iss: 'https://id.example',
      sub: 'back-office',
      aud: 'https://api.example',
      exp: now + 300,
      iat: now,
      jti: id,
      client_id: 'back-office',
      epoch: 7,
      scope: 'customers:read customers:write',
      roles: ['clerk'],
    });
    expect(expiresAt).toBe(now + 300);
  });

  test('is signed so that node:crypto alone can check it', async () => {
    const [header, payload, signature] = (await issue()).token.split('.');
    const key = { key: keys.current().publicKey, dsaEncoding: 'ieee-p1363' as const };
    const check = (text: string) => verify('sha256', Buffer.from(text), key, Buffer.from(signature!, 'base64url'));
    expect(check(`${header}.${payload}`)).toBe(true);
    expect(check(`${header}.${payload}x`)).toBe(false);
  });

  test('is one that an independent library accepts with our key set', async () => {
    const { token, id } = await issue();
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwksOf(keys)), {
      issuer: 'https://id.example',
      audience: 'https://api.example',
      typ: 'at+jwt',
      algorithms: [algorithm],
      requiredClaims: ['exp', 'iat', 'jti', 'sub', 'client_id'],
      currentDate: new Date(now * 1_000),
    });
    expect([payload.jti, protectedHeader.kid]).toEqual([id, keys.current().id]);
  });

  test('of a user says where it comes from and when they signed in, and is for the resource that it is asked for', async () => {
    const given = { subject: 'ada', audience: 'https://files.example', grantId: 'grant-1', authTime: now - 60 };
    const [, payload] = (await issue(given)).token.split('.');
    const claims = { sub: 'ada', aud: 'https://files.example', sid: 'grant-1', auth_time: now - 60 };
    expect(read(payload)).toMatchObject({ ...claims, client_id: 'back-office' });
  });

  test('carries further claims, but none with a registered name', async () => {
    const claims = {
      tenant: 'north',
      level: 3,
      sub: 'ada',
      client_id: 'x',
      exp: 9e9,
      scope: 'all',
      roles: ['root'],
      nbf: 1,
      epoch: 9e9,
      sid: 'of-another-grant',
      auth_time: now,
    };
    const [, payload] = (await issue({ claims, roles: [] })).token.split('.');
    expect(read(payload)).toEqual({
      iss: 'https://id.example',
      sub: 'back-office',
      aud: 'https://api.example',
      exp: now + 300,
      iat: now,
      jti: expect.any(String),
      client_id: 'back-office',
      epoch: 7,
      scope: 'customers:read customers:write',
      tenant: 'north',
      level: 3,
    });
  });

  test('never has the id of another', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await issue()).id));
    expect(new Set(ids).size).toBe(20);
  });
});
