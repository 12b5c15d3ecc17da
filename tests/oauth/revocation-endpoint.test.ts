import request from 'supertest';
import type { RevocationStore } from '../../src/stores/revocation-store.ts';
import { StoreError } from '../../src/stores/store-error.ts';
import { type AuthorizationServer, basic, createAuthorizationServer } from './authorization-server.ts';
import { claimsOf, credentialsOf, expectOAuthError, issueToken, postForm } from './post-form.ts';

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

  test.each(['get', 'put', 'delete', 'options'] as const)('refuses %s', async (method) => {
    const answer = await request(server.app)[method](`/oauth/revoke?token=${token}`);
    expect([answer.status, answer.headers.allow, answer.headers['cache-control']]).toEqual([405, 'POST', 'no-store']);
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
    server = await createAuthorizationServer({ revocationStore: failing });
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
