import request from 'supertest';
import type { RevocationStore } from '../../src/stores/revocation-store.ts';
import { StoreError } from '../../src/stores/store-error.ts';
import { Application, appSecret, spa, webApp } from './application.ts';
import { type AuthorizationServer, basic, createAuthorizationServer } from './authorization-server.ts';
import { claimsOf, credentialsOf, expectOAuthError, issueToken, postForm } from './post-form.ts';
import { expectDead, expectLive } from './verify.ts';

describe('POST /oauth/revoke', () => {
  let server: AuthorizationServer;
  let token: string;
  beforeEach(async () => {
    server = await createAuthorizationServer();
    token = await issueToken(server, 'back-office');
  });

  const revoke = (form: Readonly<Record<string, string>> | string, credentials = credentialsOf('back-office')) =>
    postForm(server, '/oauth/revoke', form, credentials);
  const isActive = async (which = token) => {
    const answer = await postForm(server, '/oauth/introspect', { token: which }, credentialsOf('back-office'));
    return answer.body.active;
  };

  test('takes back a token, says no more than 200, and leaves others alone', async () => {
    const other = await issueToken(server, 'back-office');
    expect(await isActive()).toBe(true);
    const answer = await revoke({ token });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect([answer.headers['cache-control'], answer.headers.pragma]).toEqual(['no-store', 'no-cache']);
    expect([await isActive(), await isActive(other)]).toEqual([false, true]);
    expect(await isActive(await issueToken(server, 'back-office'))).toBe(true);
  });

  test.each(['access_token', 'refresh_token', 'something_else', ''])('finds it with the hint %p', async (hint) => {
    expect((await revoke({ token, token_type_hint: hint })).status).toBe(200);
    expect(await isActive()).toBe(false);
  });

  test('takes credentials in the body', async () => {
    server = await createAuthorizationServer();
    token = await issueToken(server, 'turning');
    const form = { token, client_id: 'turning', client_secret: 'the-old-secret' };
    expect((await postForm(server, '/oauth/revoke', form)).status).toBe(200);
    expect(server.log.at(-1)).toEqual({
      level: 'info',
      message: 'token revoked',
      fields: { clientId: 'turning', jti: claimsOf(token).jti },
    });
  });

  test('answers 200 for a token of another client, which stays good', async () => {
    expect((await revoke({ token }, credentialsOf('turning'))).status).toBe(200);
    expect((await postForm(server, '/oauth/revoke', { token, client_id: 'storefront' })).status).toBe(200);
    expect(await isActive()).toBe(true);
    expect(server.revocations.epoch).toBe(0);
  });

  test.each(['unknown', 'a.b.c', '\0', 'x'.repeat(8_000)])('answers 200 for what is no token: %.20s', async (which) => {
    expect((await revoke({ token: which })).status).toBe(200);
    expect(server.revocations.epoch).toBe(0);
  });

  test('answers 200 for one that is over or revoked already, and keeps nothing', async () => {
    await revoke({ token });
    const { epoch } = server.revocations;
    expect((await revoke({ token })).status).toBe(200);
    token = await issueToken(server, 'back-office');
    server.now += 300;
    expect((await revoke({ token })).status).toBe(200);
    expect(server.revocations.epoch).toBe(epoch);
  });

  test('refuses a client that does not prove itself, whatever the token', async () => {
    const wrong = await expectOAuthError(revoke({ token }, basic('back-office', 'wrong')), 401, 'invalid_client');
    expect(wrong.headers['www-authenticate']).toMatch(/^Basic /);
    await expectOAuthError(postForm(server, '/oauth/revoke', { token }), 401, 'invalid_client');
    const named = postForm(server, '/oauth/revoke', { token, client_id: 'back-office' });
    await expectOAuthError(named, 401, 'invalid_client');
    await expectOAuthError(revoke({ token: 'unknown' }, basic('nobody', 'x')), 401, 'invalid_client');
    await expectOAuthError(revoke({ token }, 'Basic %%%'), 400, 'invalid_request');
    expect(await isActive()).toBe(true);
  });

  test('refuses a form without a token, or with two', async () => {
    await expectOAuthError(revoke({}), 400, 'invalid_request');
    await expectOAuthError(revoke('token='), 400, 'invalid_request');
    await expectOAuthError(revoke(`token=${token}&token=${token}`), 400, 'invalid_request');
    expect(await isActive()).toBe(true);
  });

  test('refuses what is no form, and a token in the query', async () => {
    const json = request(server.app).post('/oauth/revoke').set('Authorization', credentialsOf('back-office'));
    await expectOAuthError(json.send({ token }), 400, 'invalid_request');
    const query = postForm(server, `/oauth/revoke?token=${token}`, '', credentialsOf('back-office'));
    await expectOAuthError(query, 400, 'invalid_request');
    expect(await isActive()).toBe(true);
  });

  test.each(['get', 'put', 'delete'] as const)('refuses %s', async (method) => {
    const { status, headers } = await request(server.app)[method](`/oauth/revoke?token=${token}`);
    expect([status, headers.allow, headers['cache-control']]).toEqual([405, 'POST, OPTIONS', 'no-store']);
  });

  test('shares the limit on guessing with the other endpoints', async () => {
    const guess = basic('turning', 'a guess');
    for (let n = 0; n < 10; n++) {
      await expectOAuthError(revoke({ token }, guess), 401, 'invalid_client');
      await expectOAuthError(postForm(server, '/oauth/introspect', { token }, guess), 401, 'invalid_client');
    }
    const form = { grant_type: 'client_credentials' };
    await expectOAuthError(postForm(server, '/oauth/token', form, guess), 429, 'temporarily_unavailable');
  });

  test('acknowledges nothing that is not kept: 503, and when to come back', async () => {
    const failing: RevocationStore = {
      append: () => Promise.reject(new StoreError('The database /secret/place.db failed: disk I/O error')),
      live: async () => [],
    };
    server = await createAuthorizationServer({ stores: { revocations: failing } });
    token = await issueToken(server, 'back-office');
    const answer = await expectOAuthError(revoke({ token }), 503, 'temporarily_unavailable');
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.text).not.toMatch(/secret|database|disk/);
    expect(server.log.at(-1)).toMatchObject({ level: 'error', fields: { path: '/oauth/revoke' } });
    expect(await isActive()).toBe(true);
  });

  test('never writes a token to the log', async () => {
    await revoke({ token });
    await revoke({ token }, basic('back-office', 'wrong'));
    expect(JSON.stringify(server.log)).not.toContain(token.slice(-40));
  });
});

describe('POST /oauth/revoke of what users gave', () => {
  let server: AuthorizationServer;
  let app: Application;
  beforeEach(async () => {
    const configured = [spa(), { ...spa(), id: 'other' }, webApp({ firstParty: true })];
    server = await createAuthorizationServer({ withUsers: true, configured });
    app = new Application(server);
  });

  test.each(['refresh_token', 'access_token', undefined])(
    'ends the grant of a refresh token with all of its tokens, by the hint %p (RFC 7009 §2.1)',
    async (hint) => {
      const { access_token, refresh_token } = await app.signIn();
      const { body } = await app.refresh(refresh_token);
      const answer = await app.post('/oauth/revoke', { token: body.refresh_token, token_type_hint: hint });
      expect([answer.status, answer.text, answer.headers['cache-control']]).toEqual([200, '', 'no-store']);
      expectDead(server, access_token, body.access_token);
      await expectOAuthError(app.refresh(body.refresh_token), 400, 'invalid_grant');
      const again = await app.post('/oauth/revoke', { token: body.refresh_token });
      expect([again.status, again.text]).toEqual([200, '']);
      expect((await server.audit()).filter(({ type }) => type === 'grant.revoked')).toEqual([
        {
          type: 'grant.revoked',
          actor: 'spa',
          address: expect.any(String),
          subject: 'user-ada',
          clientId: 'spa',
          grantId: claimsOf(access_token).sid,
          detail: 'by the client',
        },
      ]);
    },
  );

  test('ends the grant of a refresh token that was replaced since, as another tab may have done', async () => {
    const { access_token, refresh_token } = await app.signIn();
    const later = (await app.refresh(refresh_token)).body;
    await app.refresh(later.refresh_token);
    expect((await app.post('/oauth/revoke', { token: refresh_token, client_id: 'other' })).status).toBe(200);
    expectLive(server, access_token);
    expect((await app.post('/oauth/revoke', { token: refresh_token })).status).toBe(200);
    expectDead(server, access_token, later.access_token);
    await expectOAuthError(app.refresh(later.refresh_token), 400, 'invalid_grant');
  });

  test('ends an access token alone', async () => {
    const { access_token, refresh_token } = await app.signIn();
    await app.post('/oauth/revoke', { token: access_token });
    expectDead(server, access_token);
    const { body } = await app.refresh(refresh_token);
    expectLive(server, body.access_token);
    expect((await server.audit()).at(-1)).toMatchObject({
      type: 'token.revoked',
      actor: 'spa',
      subject: 'user-ada',
      grantId: claimsOf(access_token).sid,
    });
  });

  test('ends one that is for another resource, too', async () => {
    server = await createAuthorizationServer({
      withUsers: true,
      configured: [spa({ resources: ['https://orders.example'] })],
    });
    app = new Application(server);
    const code = await app.getCode({ resource: 'https://orders.example' });
    const { access_token } = (await app.redeem(code)).body;
    await app.post('/oauth/revoke', { token: access_token });
    expectDead(server, access_token);
  });

  test('has no effect for another client, or for one without its secret', async () => {
    const { access_token, refresh_token } = await app.signIn();
    for (const token of [access_token, refresh_token]) {
      expect((await app.post('/oauth/revoke', { token, client_id: 'other' })).status).toBe(200);
    }
    expectLive(server, access_token);
    const backend = new Application(server, 'web-app', appSecret);
    const tokens = await backend.signIn();
    const pending = app.post('/oauth/revoke', { token: tokens.refresh_token, client_id: 'web-app' });
    await expectOAuthError(pending, 401, 'invalid_client');
    expect((await backend.refresh(tokens.refresh_token)).status).toBe(200);
    expect((await app.refresh(refresh_token)).status).toBe(200);
  });

  test('of a code has no effect: it is no token', async () => {
    const code = await app.getCode();
    expect((await app.post('/oauth/revoke', { token: code })).status).toBe(200);
    expect((await app.redeem(code)).status).toBe(200);
  });
});
