import fc from 'fast-check';
import type { Client } from '../../../src/model/client.ts';
import type { StoredClient } from '../../../src/stores/client-store.ts';
import { Application, appSecret, spa, webApp } from '../application.ts';
import { type AuthorizationServer, createAuthorizationServer } from '../authorization-server.ts';
import { claimsOf, expectOAuthError } from '../post-form.ts';
import { expectDead, expectLive } from '../verify.ts';

describe('a refresh token (RFC 6749 §6, RFC 9700 §4.14)', () => {
  let server: AuthorizationServer;
  let app: Application;

  async function start(clients: readonly Client[] = [spa()]): Promise<void> {
    server = await createAuthorizationServer({ withUsers: true, configured: clients });
    app = new Application(server, clients[0]!.id);
  }
  beforeEach(() => start());

  const grants = () => server.stores.grants.list({}, { limit: 10 }, server.now);

  test('becomes a new access token and a new refresh token, not to be stored', async () => {
    const first = await app.signIn();
    server.now += 100;
    const { status, body, headers } = await app.refresh(first.refresh_token);
    expect([status, headers['cache-control'], headers.pragma]).toEqual([200, 'no-store', 'no-cache']);
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 300,
      refresh_token: expect.stringMatching(/^grt_/),
      scope: 'customers:read customers:write',
    });
    expect(body.refresh_token).not.toBe(first.refresh_token);
    const [before, after] = [claimsOf(first.access_token), claimsOf(body.access_token)];
    for (const same of ['sub', 'sid', 'auth_time', 'aud', 'client_id']) expect(after[same]).toBe(before[same]);
    expect(after.iat).toBe(server.now);
    expectLive(server, first.access_token, body.access_token);
  });

  describe('and scopes', () => {
    test('fewer are for one token only', async () => {
      const { refresh_token } = await app.signIn();
      const narrow = await app.refresh(refresh_token, { scope: 'customers:read' });
      expect([narrow.body.scope, claimsOf(narrow.body.access_token).scope]).toEqual([
        'customers:read',
        'customers:read',
      ]);
      const wide = await app.refresh(narrow.body.refresh_token);
      expect(wide.body.scope).toBe('customers:read customers:write');
    });

    test.each(['customers:read products:write', 'customers:write', 'nothing', 'a"b'])(
      'more, such as %s, are refused, which uses up nothing',
      async (scope) => {
        const { refresh_token } = await app.signIn({ scope: 'customers:read' });
        await expectOAuthError(app.refresh(refresh_token, { scope }), 400, 'invalid_scope');
        expect((await app.refresh(refresh_token)).body.scope).toBe('customers:read');
      },
    );

    test('follow the roles that the user has by then', async () => {
      const { refresh_token } = await app.signIn();
      server.users.users.set('ada', { subject: 'user-ada', roles: [], claims: { name: 'Ada L.' } });
      const { body } = await app.refresh(refresh_token);
      expect(claimsOf(body.access_token)).toMatchObject({ scope: 'customers:read', name: 'Ada L.' });
      expect(claimsOf(body.access_token)).not.toHaveProperty('roles');
      server.users.users.set('ada', { subject: 'user-ada', roles: ['clerk'], claims: {} });
      expect((await app.refresh(body.refresh_token)).body.scope).toBe('customers:read customers:write');
    });

    test('of which the user may have none any more are refused, which uses up nothing', async () => {
      const { refresh_token } = await app.signIn({ scope: 'customers:write' });
      server.users.users.set('ada', { subject: 'user-ada', roles: [], claims: {} });
      await expectOAuthError(app.refresh(refresh_token), 400, 'invalid_grant');
      server.users.users.set('ada', { subject: 'user-ada', roles: ['clerk'], claims: {} });
      expect((await app.refresh(refresh_token)).status).toBe(200);
    });
  });

  test('gives no scope and no resource that the client has lost since', async () => {
    const before = { ...spa({ resources: ['https://orders.example'] }), secrets: [], disabled: false, createdAt: 0 };
    let stored: StoredClient = before;
    const clients = { ...server.stores.clients, find: async () => stored };
    server = await createAuthorizationServer({ withUsers: true, configured: [], stores: { clients } });
    app = new Application(server);
    const usual = await app.signIn();
    const orders = (await app.redeem(await app.getCode({ resource: 'https://orders.example' }))).body;

    stored = { ...before, resources: [], scopes: ['customers:read'] };
    const narrowed = (await app.refresh(usual.refresh_token)).body;
    expect([narrowed.scope, claimsOf(narrowed.access_token).scope]).toEqual(['customers:read', 'customers:read']);
    await expectOAuthError(app.refresh(orders.refresh_token), 400, 'invalid_target');
    stored = { ...before, scopes: [] };
    await expectOAuthError(app.refresh(narrowed.refresh_token), 400, 'invalid_grant');
    stored = before;
    expect((await app.refresh(narrowed.refresh_token)).body.scope).toBe('customers:read customers:write');
  });

  test('for another resource is refused, which uses up nothing (RFC 8707 §2.2)', async () => {
    const { refresh_token } = await app.signIn();
    await expectOAuthError(app.refresh(refresh_token, { resource: 'https://x.example' }), 400, 'invalid_target');
    expect((await app.refresh(refresh_token)).status).toBe(200);
  });

  describe('is refused', () => {
    test('when there is none', async () => {
      await expectOAuthError(app.post('/oauth/token', { grant_type: 'refresh_token' }), 400, 'invalid_request');
    });

    test.each(['unknown', 'grt_x', `grt_${'A'.repeat(22)}.${'A'.repeat(43)}`, 'ü', '\0', "' OR 1=1 --"])(
      'when it is %p',
      async (token) => {
        await expectOAuthError(app.refresh(token), 400, 'invalid_grant');
      },
    );

    test('to another client, which uses up nothing', async () => {
      await start([spa(), { ...spa(), id: 'other' }]);
      const { refresh_token } = await app.signIn();
      await expectOAuthError(app.refresh(refresh_token, { client_id: 'other' }), 400, 'invalid_grant');
      expect((await app.refresh(refresh_token)).status).toBe(200);
      await expectOAuthError(app.refresh(refresh_token, { client_id: 'other' }), 400, 'invalid_grant');
      expect(await grants()).toHaveLength(1);
    });

    test('without the secret of a client that has one', async () => {
      await start([webApp({ firstParty: true })]);
      const { refresh_token } = await new Application(server, 'web-app', appSecret).signIn();
      await expectOAuthError(app.refresh(refresh_token), 401, 'invalid_client');
    });
  });

  describe('ends', () => {
    test('when it is not used for long', async () => {
      const { refresh_token } = await app.signIn();
      server.now += 1_799;
      const { body } = await app.refresh(refresh_token);
      server.now += 1_800;
      await expectOAuthError(app.refresh(body.refresh_token), 400, 'invalid_grant');
    });

    test('with its grant, however often it is rotated (browser-based apps §8)', async () => {
      await start([spa({ refreshTokens: { idle: 1_000, max: 2_500 } })]);
      let { refresh_token } = await app.signIn();
      for (let n = 0; n < 2; n++) {
        server.now += 900;
        refresh_token = (await app.refresh(refresh_token)).body.refresh_token;
      }
      server.now += 699;
      expect((await app.refresh(refresh_token)).status).toBe(200);
      server.now += 1;
      await expectOAuthError(app.refresh(refresh_token), 400, 'invalid_grant');
    });

    test('for a user who is gone: with the grant, at the gateway, too', async () => {
      const { access_token, refresh_token } = await app.signIn();
      server.users.disabled.add('user-ada');
      await expectOAuthError(app.refresh(refresh_token), 400, 'invalid_grant');
      expectDead(server, access_token);
      server.users.disabled.clear();
      await expectOAuthError(app.refresh(refresh_token), 400, 'invalid_grant');
      expect((await server.audit()).at(-1)).toMatchObject({
        type: 'grant.revoked',
        subject: 'user-ada',
        detail: 'the user is gone or disabled',
      });
    });
  });

  test('is kept while users cannot be looked up: 503, and when to come back', async () => {
    const { access_token, refresh_token } = await app.signIn();
    server.users.isDown = true;
    const answer = await expectOAuthError(app.refresh(refresh_token), 503, 'temporarily_unavailable');
    expect(answer.headers['retry-after']).toBe('7');
    server.users.isDown = false;
    expectLive(server, access_token);
    server.now += 60;
    expect((await app.refresh(refresh_token)).status).toBe(200);
    expect(await grants()).toHaveLength(1);
  });

  test('carries on what was true at sign-in where the directory does not tell', async () => {
    const { refresh_token } = await app.signIn();
    server.users.isSilent = true;
    const { body } = await app.refresh(refresh_token);
    expect(claimsOf(body.access_token)).toMatchObject({ roles: ['clerk'], name: 'Ada' });
  });

  describe('that comes again', () => {
    test('within 10 s gives the same successor, so that a lost answer or two tabs do no harm', async () => {
      const { refresh_token } = await app.signIn();
      const first = await app.refresh(refresh_token);
      server.now += 9;
      const again = await app.refresh(refresh_token);
      expect([again.status, again.body.refresh_token]).toEqual([200, first.body.refresh_token]);
      expectLive(server, first.body.access_token, again.body.access_token);
    });

    test('within 10 s does so with the same care', async () => {
      const { refresh_token } = await app.signIn({ scope: 'customers:read' });
      await app.refresh(refresh_token);
      const more = app.refresh(refresh_token, { scope: 'customers:read customers:write' });
      await expectOAuthError(more, 400, 'invalid_scope');
      server.users.disabled.add('user-ada');
      await expectOAuthError(app.refresh(refresh_token), 400, 'invalid_grant');
      expect(await grants()).toEqual([]);
    });

    test('later ends the grant: for whoever has the successor, and at the gateway', async () => {
      const { access_token, refresh_token } = await app.signIn();
      const { body } = await app.refresh(refresh_token);
      server.now += 10;
      await expectOAuthError(app.refresh(refresh_token), 400, 'invalid_grant');
      await expectOAuthError(app.refresh(body.refresh_token), 400, 'invalid_grant');
      expectDead(server, access_token, body.access_token);
      expect((await server.audit()).at(-1)).toMatchObject({
        type: 'grant.abused',
        subject: 'user-ada',
        clientId: 'spa',
        detail: 'a refresh token came twice',
      });
      expect(server.log.at(-1)).toMatchObject({ level: 'warn', fields: { clientId: 'spa' } });
    });

    test('after its successor was used ends the grant, however soon', async () => {
      const { refresh_token } = await app.signIn();
      const { body } = await app.refresh(refresh_token);
      const last = await app.refresh(body.refresh_token);
      await expectOAuthError(app.refresh(refresh_token), 400, 'invalid_grant');
      await expectOAuthError(app.refresh(last.body.refresh_token), 400, 'invalid_grant');
      expectDead(server, last.body.access_token);
    });

    test('ends nothing of another grant of the same user and client', async () => {
      const [one, other] = [await app.signIn(), await app.signIn()];
      await app.refresh(one.refresh_token);
      server.now += 10;
      await expectOAuthError(app.refresh(one.refresh_token), 400, 'invalid_grant');
      expectLive(server, other.access_token);
      expect((await app.refresh(other.refresh_token)).status).toBe(200);
    });
  });

  test('gives nothing when the grant is revoked in the last moment', async () => {
    const { refresh_token } = await app.signIn();
    const { find } = server.stores.grants;
    server.stores.grants.find = async (id, now) => ({ ...(await find(id, now))!, revokedAt: now });
    await expectOAuthError(app.refresh(refresh_token), 400, 'invalid_grant');
  });

  test('whatever happens, an old token never gives a live access token after its grant ended', async () => {
    const step = fc.record({ token: fc.nat(10), wait: fc.constantFrom(0, 1, 9, 10, 11) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await start();
        const first = await app.signIn();
        const tokens = [first.refresh_token];
        const access = [first.access_token];
        let isOver = false;
        for (const { token, wait } of steps) {
          server.now += wait;
          const { status, body } = await app.refresh(tokens[token % tokens.length]!);
          if (isOver) expect(status).toBe(400);
          if (status === 200) {
            if (!tokens.includes(body.refresh_token)) tokens.push(body.refresh_token);
            access.push(body.access_token);
          } else isOver = true;
        }
        if (isOver) expectDead(server, ...access);
        else expectLive(server, ...access.slice(-1));
      }),
      { numRuns: 25 },
    );
  });
});
