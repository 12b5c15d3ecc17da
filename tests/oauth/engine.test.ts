import { createEngine, type Engine } from '../../src/oauth/engine.ts';
import { authorizationCode } from '../../src/oauth/grants/authorization-code.ts';
import { clientCredentials } from '../../src/oauth/grants/client-credentials.ts';
import type { Grant, GrantServices, Permission } from '../../src/oauth/grants/grant.ts';
import { OAuthError } from '../../src/oauth/oauth-error.ts';
import { createTokenIssuer } from '../../src/tokens/issue.ts';
import { openKeys } from '../tokens/open-keys.ts';
import { makeClient } from './make-client.ts';

const client = makeClient('back-office', { scopes: ['a', 'b'] });
const request = { client, form: new Map<string, string>(), address: '' };

/** Grants of these tests bring what they need themselves. */
const services = { audience: 'https://api.example', accessTokenLifetime: 60 } as GrantServices;

const permission: Permission = {
  user: { subject: 'ada', roles: [], claims: {} },
  scopes: ['a'],
  audience: 'https://api.example',
  grant: { id: 'g1', authTime: 1_600_000_000 },
  confirm: async () => true,
};

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

describe('the engine', () => {
  let engine: Engine;
  beforeAll(async () => {
    const server = { issuer: 'https://id.example', revocations: { epoch: 0 }, clock: () => 1_700_000_000 };
    engine = createEngine({ tokens: createTokenIssuer({ ...server, keys: await openKeys() }), services });
  });

  test('runs a grant and gives the token that was issued', async () => {
    const { accessToken } = await engine.run(clientCredentials, { ...request, form: new Map([['scope', 'a']]) });
    expect(accessToken.expiresAt).toBe(1_700_000_060);
    const claims = claimsOf(accessToken.token);
    expect(claims).toMatchObject({ jti: accessToken.id, sub: 'back-office', scope: 'a' });
    expect(claims).not.toHaveProperty('sid');
  });

  test.each(['client_credentials', 'authorization_code', 'refresh_token', 'password'] as const)(
    'walks %s with what the grant permits and nothing of what the form says',
    async (type) => {
      const form = new Map([
        ['client_id', 'someone-else'],
        ['client_secret', 'x'],
        ['scope', 'root'],
        ['grant_type', 'client_credentials'],
        ['code', 'a code'],
        ['refresh_token', 'a token'],
      ]);
      const grant: Grant = {
        type,
        forUsers: true,
        admit: async () => ({
          ...permission,
          refreshToken: 'another one',
          code: { redirectUri: undefined, codeChallenge: undefined },
        }),
      };
      const issued = await engine.run(grant, { client: { ...client, grants: [type] }, form, address: '' });
      expect(claimsOf(issued.accessToken.token)).toMatchObject({
        sub: 'ada',
        sid: 'g1',
        auth_time: 1_600_000_000,
        scope: 'a',
        client_id: 'back-office',
      });
      expect(issued.permission.refreshToken).toBe('another one');
    },
  );

  test('hands on what a grant throws, as it was', async () => {
    const refusal = new OAuthError('invalid_grant', 'No.');
    const failure = new Error('the database password is hunter2');
    for (const thrown of [refusal, failure]) {
      const grant: Grant = { type: 'client_credentials', forUsers: false, admit: () => Promise.reject(thrown) };
      await expect(engine.run(grant, request)).rejects.toBe(thrown);
    }
  });

  test('gives out nothing when the grant was revoked in the last moment', async () => {
    const grant: Grant = {
      type: 'client_credentials',
      forUsers: false,
      admit: async () => ({ ...permission, confirm: async () => false }),
    };
    await expect(engine.run(grant, request)).rejects.toMatchObject({ name: 'OAuthError', code: 'invalid_grant' });
  });

  test("says its own refusals in the endpoint's words", async () => {
    const refused = engine.run(clientCredentials, { ...request, client: { ...client, grants: [] } });
    await expect(refused).rejects.toMatchObject({
      name: 'OAuthError',
      code: 'unauthorized_client',
      message: 'The client may not use this grant.',
    });
  });

  test('tells a grant when it refuses after all, and does not hide failures behind refusals', async () => {
    const abandoned: string[] = [];
    const code: Permission = {
      ...permission,
      code: { redirectUri: 'https://a.example', codeChallenge: undefined },
      abandon: async () => abandoned.push('yes'),
    };
    const codeClient = { ...client, grants: ['authorization_code'] as const };
    const form = new Map([['code', 'a code']]);
    const run = (admitted: Permission) =>
      engine.run({ ...authorizationCode, admit: async () => admitted }, { client: codeClient, form, address: '' });
    await expect(run(code)).rejects.toMatchObject({ code: 'invalid_grant' });
    expect(abandoned).toEqual(['yes']);
    const failure = new Error('disk full');
    await expect(
      run({
        ...code,
        code: { redirectUri: undefined, codeChallenge: undefined },
        confirm: () => Promise.reject(failure),
      }),
    ).rejects.toBe(failure);
    expect(abandoned).toEqual(['yes']);
  });
});
