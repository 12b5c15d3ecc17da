import type { Client } from '../../../src/model/client.ts';
import { Application, appSecret, webApp } from '../application.ts';
import {
  type AuthorizationServer,
  audience,
  createAuthorizationServer,
  hashOf,
  passwordOf,
} from '../authorization-server.ts';
import { claimsOf, expectOAuthError } from '../post-form.ts';
import { expectDead } from '../verify.ts';

const trusted = (further: Partial<Client> = {}): Client =>
  webApp({ firstParty: true, grants: ['password', 'refresh_token'], redirectUris: [], ...further });

describe('the password grant (RFC 6749 §4.3)', () => {
  let server: AuthorizationServer;
  let app: Application;

  async function start(...clients: readonly Client[]): Promise<void> {
    server = await createAuthorizationServer({ withUsers: true, configured: clients });
    app = new Application(server, clients[0]!.id, appSecret);
  }
  beforeEach(() => start(trusted()));

  const ask = (further: Readonly<Record<string, string | undefined>> = {}) =>
    app.post('/oauth/token', { grant_type: 'password', username: 'ada', password: passwordOf('ada'), ...further });

  test('becomes tokens of the user, by a grant that no session ends', async () => {
    const { status, body, headers } = await ask({ scope: 'customers:read' });
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 300,
      refresh_token: expect.stringMatching(/^grt_/),
      scope: 'customers:read',
    });
    const [grant] = await server.stores.grants.list({}, { limit: 2 }, server.now);
    expect(grant).toMatchObject({ subject: 'user-ada', session: undefined, scopes: ['customers:read'] });
    expect(claimsOf(body.access_token)).toMatchObject({
      sub: 'user-ada',
      sid: grant!.id,
      auth_time: server.now,
      aud: audience,
      client_id: 'web-app',
      roles: ['clerk'],
    });
    expect((await server.audit()).map(({ type, detail }) => [type, detail])).toEqual([
      ['user.signed-in', undefined],
      ['grant.given', 'by password'],
    ]);
    const refreshed = await app.refresh(body.refresh_token);
    expect(refreshed.body.scope).toBe('customers:read');
  });

  test('gives no refresh token to a client that may not use one', async () => {
    await start(trusted({ grants: ['password'] }));
    expect((await ask()).body).not.toHaveProperty('refresh_token');
  });

  test('takes passwords of any characters', async () => {
    server.users.users.set('zoë 🦆', { subject: 'user-zoe', roles: [], claims: {} });
    expect((await ask({ username: 'zoë 🦆', password: passwordOf('zoë 🦆') })).status).toBe(200);
  });

  test('gives only the scopes that their roles allow', async () => {
    const bob = { username: 'bob', password: passwordOf('bob') };
    expect((await ask(bob)).body.scope).toBe('customers:read');
    await expectOAuthError(ask({ ...bob, scope: 'customers:write' }), 400, 'invalid_scope');
    await expectOAuthError(ask({ scope: 'products:write' }), 400, 'invalid_scope');
    await expectOAuthError(ask({ resource: 'https://x.example' }), 400, 'invalid_target');
  });

  test('refuses a wrong password, an unknown user and a disabled one alike', async () => {
    server.users.disabled.add('user-bob');
    const answers = [
      await expectOAuthError(ask({ password: 'wrong' }), 400, 'invalid_grant'),
      await expectOAuthError(ask({ username: 'nobody' }), 400, 'invalid_grant'),
      await expectOAuthError(ask({ username: 'bob', password: passwordOf('bob') }), 400, 'invalid_grant'),
    ];
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(JSON.stringify([server.log, await server.audit()])).not.toContain('the password of');
  });

  test('refuses a user who is called like the client', async () => {
    server.users.users.set('eve', { subject: 'web-app', roles: [], claims: {} });
    await expectOAuthError(ask({ username: 'eve', password: passwordOf('eve') }), 400, 'invalid_grant');
  });

  test.each(['username', 'password'])('refuses a request without %s', async (name) => {
    await expectOAuthError(ask({ [name]: undefined }), 400, 'invalid_request');
  });

  test('is slowed down for who guesses: 429, and when to come back', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 30 && statuses.at(-1) !== 429; n++) statuses.push((await ask({ password: `${n}` })).status);
    const answer = await expectOAuthError(ask(), 429, 'temporarily_unavailable');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('lets the failures of some of its users slow down none of the others', async () => {
    for (let n = 0; n < 60; n++) await expectOAuthError(ask({ username: `nobody-${n}` }), 400, 'invalid_grant');
    expect((await ask()).status).toBe(200);
    const refused = (await server.audit()).filter(({ type }) => type === 'user.refused');
    expect(refused[0]).toMatchObject({ clientId: 'web-app', address: expect.stringContaining('127.0.0.1') });
  });

  test('is 503 while passwords cannot be checked, and says when to come back', async () => {
    server.users.isDown = true;
    const answer = await expectOAuthError(ask(), 503, 'temporarily_unavailable');
    expect(answer.headers['retry-after']).toBe('7');
  });

  describe('is not for', () => {
    test('a client that does not ask for it by name', async () => {
      await start(trusted({ grants: ['client_credentials'] }));
      await expectOAuthError(ask(), 400, 'unauthorized_client');
    });

    test('one that is not ours, or keeps no secret, whatever the store says', async () => {
      await start(trusted({ firstParty: false }));
      await expectOAuthError(ask(), 400, 'unauthorized_client');
      await start(trusted({ type: 'public', secretHashes: [], authentication: ['none'] }));
      await expectOAuthError(ask({ client_secret: undefined }), 400, 'unauthorized_client');
    });

    test('one without its secret', async () => {
      await start(trusted({ secretHashes: [hashOf('another')] }));
      await expectOAuthError(ask(), 401, 'invalid_client');
    });
  });

  test('ends with its grant', async () => {
    const { body } = await ask();
    await app.post('/oauth/revoke', { token: body.refresh_token });
    expectDead(server, body.access_token);
    await expectOAuthError(app.refresh(body.refresh_token), 400, 'invalid_grant');
  });
});
