import type { Client } from '../../../src/model/client.ts';
import { openMemoryStores } from '../../../src/stores/memory/memory-stores.ts';
import { StoreError } from '../../../src/stores/store-error.ts';
import { Application, appSecret, callback, spa, webApp } from '../application.ts';
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  audience,
  createAuthorizationServer,
  issuer,
} from '../authorization-server.ts';
import { makeClient } from '../make-client.ts';
import { claimsOf, expectOAuthError } from '../post-form.ts';
import { expectDead, expectLive, principalOf } from '../verify.ts';

describe('the authorization code (RFC 6749 §4.1.3)', () => {
  let server: AuthorizationServer;
  let app: Application;

  async function start(clients: readonly Client[] = [spa()], further: AuthorizationServerOptions = {}): Promise<void> {
    server = await createAuthorizationServer({ withUsers: true, configured: clients, ...further });
    app = new Application(server, clients[0]!.id);
  }
  beforeEach(() => start());

  test('becomes tokens, not to be stored', async () => {
    const { status, body, headers } = await app.redeem(await app.getCode());
    expect([status, headers['cache-control'], headers.pragma]).toEqual([200, 'no-store', 'no-cache']);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      expires_in: 300,
      refresh_token: expect.stringMatching(/^grt_/),
      scope: 'customers:read customers:write',
    });
  });

  test('becomes a token that says who signed in, when, and by which grant (RFC 9068 §2.2)', async () => {
    const signedInAt = server.now;
    const code = await app.getCode({ scope: 'customers:read' });
    server.now += 30;
    const { body } = await app.redeem(code);
    const [grant] = await server.stores.grants.list({}, { limit: 1 }, server.now);
    expect(claimsOf(body.access_token)).toEqual({
      iss: issuer,
      aud: audience,
      sub: 'user-ada',
      client_id: 'spa',
      sid: grant!.id,
      auth_time: signedInAt,
      epoch: 0,
      iat: server.now,
      exp: server.now + 300,
      jti: expect.any(String),
      scope: 'customers:read',
      roles: ['clerk'],
      name: 'Ada',
    });
  });

  test('comes with a refresh token only for a client that may use it; its grant then ends with the token', async () => {
    await start([spa({ grants: ['authorization_code'] })]);
    const code = await app.getCode();
    server.now += 59;
    const { body } = await app.redeem(code);
    const [grant] = await server.stores.grants.list({}, { limit: 1 }, server.now);
    expect(body).not.toHaveProperty('refresh_token');
    expect(grant!.expiresAt).toBeGreaterThanOrEqual(claimsOf(body.access_token).exp as number);
    expect(grant!.expiresAt).toBeLessThan(server.now + 360);
  });

  test('is good for a minute', async () => {
    const [first, second] = [await app.getCode(), await app.getCode()];
    server.now += 59;
    expect((await app.redeem(first)).status).toBe(200);
    server.now += 1;
    await expectOAuthError(app.redeem(second), 400, 'invalid_grant');
  });

  describe('is refused', () => {
    test('to a client that does not send one', async () => {
      await expectOAuthError(app.post('/oauth/token', { grant_type: 'authorization_code' }), 400, 'invalid_request');
    });

    test.each([
      '',
      'gac_',
      'unknown',
      'gac_AAAAAAAAAAAAAAAAAAAAAA.A',
      `gac_${'A'.repeat(22)}.${'A'.repeat(43)}`,
      'ü',
      '\0',
    ])('when it is %p', async (code) => {
      const error = code === '' ? 'invalid_request' : 'invalid_grant';
      await expectOAuthError(app.redeem(code), 400, error);
    });

    test('when a letter of it is another, or it is a refresh token', async () => {
      const code = await app.getCode();
      const other = code.endsWith('A') ? 'B' : 'A';
      await expectOAuthError(app.redeem(code.slice(0, -1) + other), 400, 'invalid_grant');
      const { body } = await app.redeem(code);
      await expectOAuthError(app.redeem(body.refresh_token), 400, 'invalid_grant');
    });

    test('to another client, which uses up nothing', async () => {
      await start([spa(), { ...spa(), id: 'other' }]);
      const code = await app.getCode();
      await expectOAuthError(app.redeem(code, { client_id: 'other' }), 400, 'invalid_grant');
      expect((await app.redeem(code)).status).toBe(200);
    });

    test.each([
      ['another redirect URI', { redirect_uri: `${callback}/` }],
      ['none', { redirect_uri: undefined }],
      ['one that is no URI', { redirect_uri: 'x' }],
      ['another verifier', { code_verifier: 'x'.repeat(43) }],
      ['the challenge for a verifier', { code_verifier: 'a'.repeat(43) }],
    ])('with %s, and is used up by that (RFC 6749 §5.2, RFC 7636 §4.6)', async (_what, further) => {
      const code = await app.getCode();
      await expectOAuthError(app.redeem(code, further), 400, 'invalid_grant');
      expect(await server.stores.grants.list({}, { limit: 10 }, server.now)).toEqual([]);
      await expectOAuthError(app.redeem(code), 400, 'invalid_grant');
      expect((await server.audit()).map(({ type }) => type)).toContain('grant.revoked');
    });

    test('without a verifier: that uses up nothing (RFC 7636 §4.6)', async () => {
      const code = await app.getCode();
      await expectOAuthError(app.redeem(code, { code_verifier: undefined }), 400, 'invalid_grant');
      for (const verifier of ['x'.repeat(42), 'x'.repeat(129), `${'x'.repeat(43)}+`]) {
        await expectOAuthError(app.redeem(code, { code_verifier: verifier }), 400, 'invalid_request');
      }
      expect((await app.redeem(code)).status).toBe(200);
    });

    test('with a verifier where there was no challenge, and without where there was one', async () => {
      await start([webApp({ firstParty: true, requirePkce: false })]);
      app = new Application(server, 'web-app', appSecret);
      const without = { code_challenge: undefined, code_challenge_method: undefined };
      await expectOAuthError(app.redeem(await app.getCode(without)), 400, 'invalid_grant');
      await expectOAuthError(app.redeem(await app.getCode(), { code_verifier: undefined }), 400, 'invalid_grant');
      expect((await app.redeem(await app.getCode(without), { code_verifier: undefined })).status).toBe(200);
      expect((await app.redeem(await app.getCode())).status).toBe(200);
    });

    test('for another resource than the user agreed to (RFC 8707 §2.2)', async () => {
      await start([spa({ resources: ['https://orders.example'] })]);
      const further = { resource: 'https://orders.example' };
      await expectOAuthError(app.redeem(await app.getCode(), further), 400, 'invalid_target');
      const { body } = await app.redeem(await app.getCode(further), further);
      expect(claimsOf(body.access_token).aud).toBe('https://orders.example');
      const twice = `grant_type=authorization_code&client_id=spa&resource=a&resource=b`;
      await expectOAuthError(app.postText('/oauth/token', twice), 400, 'invalid_target');
    });

    test('without the secret of a client that has one, even with the right verifier', async () => {
      await start([webApp({ firstParty: true })]);
      const code = await app.getCode();
      await expectOAuthError(app.redeem(code), 401, 'invalid_client');
      await expectOAuthError(app.redeem(code, { client_secret: 'wrong' }), 401, 'invalid_client');
      expect((await app.redeem(code, { client_secret: appSecret })).status).toBe(200);
    });
  });

  describe('that comes twice (RFC 6749 §4.1.2, RFC 9700 §4.2)', () => {
    test('ends everything that came of it: at the gateway, and for refreshing', async () => {
      const code = await app.getCode();
      const { body } = await app.redeem(code);
      const { body: refreshed } = await app.refresh(body.refresh_token);
      expectLive(server, body.access_token, refreshed.access_token);
      await expectOAuthError(app.redeem(code), 400, 'invalid_grant');
      expectDead(server, body.access_token, refreshed.access_token);
      await expectOAuthError(app.refresh(refreshed.refresh_token), 400, 'invalid_grant');
      const grantId = principalOf(server, (await app.signIn()).access_token).grantId;
      expect(grantId).not.toBe(claimsOf(body.access_token).sid);
      expect((await server.audit()).filter(({ type }) => type === 'grant.abused')).toEqual([
        {
          type: 'grant.abused',
          actor: 'spa',
          address: expect.any(String),
          subject: 'user-ada',
          clientId: 'spa',
          grantId: claimsOf(body.access_token).sid,
          detail: 'an authorization code came twice',
        },
      ]);
    });

    test('tells developers when it came twice at once, and never the code', async () => {
      const code = await app.getCode();
      await app.redeem(code);
      await app.redeem(code);
      server.now += 2;
      await app.redeem(code);
      const warnings = server.log.filter(({ message }) => /came twice/.test(message));
      expect(warnings.map(({ fields }) => fields?.hint)).toEqual([expect.stringMatching(/React/), undefined]);
      expect(JSON.stringify(server.log)).not.toContain(code.slice(4));
    });

    test('uses up nothing of another code at the same time', async () => {
      const codes = await Promise.all(Array.from({ length: 10 }, () => app.getCode()));
      const answers = await Promise.all(codes.map((code) => app.redeem(code)));
      expect(answers.map(({ status }) => status)).toEqual(codes.map(() => 200));
      expectLive(server, ...answers.map(({ body }) => body.access_token));
    });
  });

  test('gives nothing when the grant is revoked in the last moment', async () => {
    const stores = openMemoryStores();
    const grants = { ...stores.grants, addRefresh: async () => false };
    await start([spa()], { stores: { grants } });
    await expectOAuthError(app.redeem(await app.getCode()), 400, 'invalid_grant');
  });

  test('is 503 when the store fails, without its words', async () => {
    const stores = openMemoryStores();
    const consumeCode = () => Promise.reject(new StoreError('The database /secret/place.db failed'));
    await start([spa()], { stores: { grants: { ...stores.grants, consumeCode } } });
    const answer = await expectOAuthError(app.redeem(await app.getCode()), 503, 'temporarily_unavailable');
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.text).not.toContain('place');
  });

  test('is not for a client that lists it not', async () => {
    await start([makeClient('spa', { type: 'public', authentication: ['none'], grants: ['refresh_token'] })]);
    await expectOAuthError(app.redeem('x'), 400, 'unauthorized_client');
  });
});
