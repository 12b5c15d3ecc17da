import request from 'supertest';
import { Application, appSecret, webApp } from './application.ts';
import {
  type AuthorizationServer,
  audience,
  basic,
  createAuthorizationServer,
  issuer,
} from './authorization-server.ts';
import { claimsOf, credentialsOf, expectOAuthError, issueToken, postForm } from './post-form.ts';

describe('POST /oauth/introspect', () => {
  let server: AuthorizationServer;
  let token: string;
  beforeEach(async () => {
    server = await createAuthorizationServer();
    token = await issueToken(server, 'back-office');
  });

  const introspect = (which: string, credentials = credentialsOf('back-office')) =>
    postForm(server, '/oauth/introspect', { token: which }, credentials);

  async function expectInactive(pending: request.Test): Promise<void> {
    const answer = await pending;
    expect([answer.status, answer.text]).toEqual([200, '{"active":false}']);
    expect([answer.headers['cache-control'], answer.headers.pragma]).toEqual(['no-store', 'no-cache']);
  }

  test('says what a live token is about', async () => {
    const answer = await introspect(token);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toEqual({
      active: true,
      scope: 'customers:read customers:write',
      client_id: 'back-office',
      token_type: 'Bearer',
      exp: server.now + 300,
      iat: server.now,
      sub: 'back-office',
      aud: audience,
      iss: issuer,
      jti: claimsOf(token).jti,
    });
  });

  test('leaves out the scope where there is none', async () => {
    const answer = await introspect(await issueToken(server, 'no-scope'), credentialsOf('no-scope'));
    expect(answer.body.active).toBe(true);
    expect(answer.body).not.toHaveProperty('scope');
  });

  test('knows no dead token from an unknown one', async () => {
    for (const which of ['unknown', 'a.b.c', `${token}x`, token.replace('.', '..'), 'x'.repeat(8_000)]) {
      await expectInactive(introspect(which));
    }
    await server.revocations.revoke({ level: 'client', id: 'back-office' });
    await expectInactive(introspect(token));
    token = await issueToken(server, 'back-office');
    expect((await introspect(token)).body.active).toBe(true);
    server.now += 300;
    await expectInactive(introspect(token));
  });

  test('shows a token to no client but the one that has it', async () => {
    await expectInactive(introspect(token, credentialsOf('turning')));
  });

  test('shows it to the one that it is for', async () => {
    server = await createAuthorizationServer({ audience: 'turning' });
    token = await issueToken(server, 'back-office');
    expect((await introspect(token, credentialsOf('turning'))).body).toMatchObject({
      active: true,
      aud: 'turning',
      client_id: 'back-office',
    });
    await expectInactive(introspect(token, credentialsOf('no-scope')));
  });

  test('refuses whoever does not prove to be a client', async () => {
    await expectOAuthError(introspect(token, basic('back-office', 'wrong')), 401, 'invalid_client');
    await expectOAuthError(postForm(server, '/oauth/introspect', { token }), 401, 'invalid_client');
    await expectOAuthError(introspect(token, `Bearer ${token}`), 401, 'invalid_client');
  });

  test('refuses a public client like an unknown one: anyone could be it', async () => {
    const ask = (clientId: string) =>
      expectOAuthError(postForm(server, '/oauth/introspect', { token, client_id: clientId }), 401, 'invalid_client');
    const [known, unknown] = [await ask('storefront'), await ask('nobody')];
    expect(known.text).toBe(unknown.text);
    expect(known.headers['www-authenticate']).toBe(unknown.headers['www-authenticate']);
    expect(server.log.slice(1).map(({ message, fields }) => [message, fields?.clientId, fields?.reason])).toEqual([
      ['client refused', 'storefront', 'public, so anyone could be it'],
      ['client refused', 'nobody', 'unknown client'],
    ]);
  });

  test('refuses a form without a token, and what is no form', async () => {
    const empty = postForm(server, '/oauth/introspect', {}, credentialsOf('back-office'));
    await expectOAuthError(empty, 400, 'invalid_request');
    const json = request(server.app).post('/oauth/introspect').set('Authorization', credentialsOf('back-office'));
    await expectOAuthError(json.send({ token }), 400, 'invalid_request');
  });

  test.each(['get', 'put', 'delete', 'options'] as const)('refuses %s', async (method) => {
    const answer = await request(server.app)[method](`/oauth/introspect?token=${token}`);
    expect([answer.status, answer.headers.allow, answer.headers['cache-control']]).toEqual([405, 'POST', 'no-store']);
  });
});

describe('POST /oauth/introspect of what users gave', () => {
  let server: AuthorizationServer;
  let app: Application;
  beforeEach(async () => {
    const resources = ['https://orders.example'];
    const configured = [webApp({ firstParty: true, resources }), { ...webApp(), id: 'other' }];
    server = await createAuthorizationServer({ withUsers: true, configured });
    app = new Application(server, 'web-app', appSecret);
  });
  const introspect = (token: string, further = {}) => app.post('/oauth/introspect', { token, ...further });

  test('says what a refresh token is about, to its owner only (RFC 7662 §2.2)', async () => {
    const { refresh_token } = await app.signIn({ scope: 'customers:read' });
    expect((await introspect(refresh_token)).body).toEqual({
      active: true,
      scope: 'customers:read',
      client_id: 'web-app',
      sub: 'user-ada',
      exp: server.now + 1_800,
    });
    expect((await introspect(refresh_token, { client_id: 'other' })).text).toBe('{"active":false}');
  });

  test('knows no refresh token that is used, over or revoked from an unknown one', async () => {
    const { refresh_token } = await app.signIn();
    const { body } = await app.refresh(refresh_token);
    expect((await introspect(refresh_token)).text).toBe('{"active":false}');
    expect((await introspect(body.refresh_token)).body.active).toBe(true);
    await app.post('/oauth/revoke', { token: body.refresh_token });
    expect((await introspect(body.refresh_token)).text).toBe('{"active":false}');
    const other = await app.signIn();
    server.now += 1_800;
    expect((await introspect(other.refresh_token)).text).toBe('{"active":false}');
    expect((await introspect(await app.getCode())).text).toBe('{"active":false}');
  });

  test('says what an access token for another resource is about, and when its grant is over', async () => {
    const code = await app.getCode({ resource: 'https://orders.example' });
    const { access_token, refresh_token } = (await app.redeem(code)).body;
    expect((await introspect(access_token)).body).toMatchObject({
      active: true,
      aud: 'https://orders.example',
      sub: 'user-ada',
    });
    await app.post('/oauth/revoke', { token: refresh_token });
    expect((await introspect(access_token)).text).toBe('{"active":false}');
  });
});
