import request from 'supertest';
import type { Client } from '../../src/model/client.ts';
import { openMemoryStores } from '../../src/stores/memory/memory-stores.ts';
import { StoreError } from '../../src/stores/store-error.ts';
import { Application, callback, encode, sentTo, spa, webApp } from './application.ts';
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  audience,
  createAuthorizationServer,
  issuer,
} from './authorization-server.ts';
import { makeClient } from './make-client.ts';
import { claimsOf } from './post-form.ts';

const path = '/oauth/authorize';

describe('/oauth/authorize', () => {
  let server: AuthorizationServer;
  let app: Application;

  async function start(clients: readonly Client[] = [spa()], further: AuthorizationServerOptions = {}): Promise<void> {
    server = await createAuthorizationServer({ withUsers: true, configured: clients, ...further });
    app = new Application(server, clients[0]!.id);
  }
  beforeEach(() => start());

  /** RFC 6749 §4.1.2.1: the client is told, with state and iss (RFC 9207 §2). */
  async function expectRefusal(pending: request.Test, error: string, to = callback): Promise<request.Response> {
    const response = await pending;
    expect(response.status).toBe(303);
    const { location } = response.headers;
    expect(location!.startsWith(`${to}${to.includes('?') ? '&' : '?'}`)).toBe(true);
    const answer = sentTo(response);
    expect(answer).toMatchObject({ error, iss: issuer, error_description: expect.any(String) });
    expect(answer.error_description).toMatch(/^[\x20\x21\x23-\x5B\x5D-\x7E]+$/);
    expect(answer).not.toHaveProperty('code');
    return response;
  }

  /** RFC 6749 §4.1.2.1: the user is told, and goes nowhere. */
  async function expectPage(pending: request.Test, status = 400): Promise<request.Response> {
    const response = await pending;
    expect(response.status).toBe(status);
    expect(response.headers).not.toHaveProperty('location');
    expect(response.headers['content-type']).toMatch(/^text\/html/);
    expect(response.headers['content-security-policy']).toContain("default-src 'none'");
    return response;
  }

  describe('for a user who is signed in', () => {
    test('sends a code with state and iss to the client, by 303 and never to be stored (RFC 6749 §4.1.2)', async () => {
      const { cookie, session } = await server.signIn();
      const response = await app.authorize({ scope: 'customers:read' }, cookie);
      expect([response.status, response.text]).toEqual([303, '']);
      expect(response.headers['cache-control']).toBe('no-store');
      expect(sentTo(response)).toEqual({ code: expect.stringMatching(/^gac_/), state: 's t/ü', iss: issuer });
      expect(response.headers.location).toMatch(/^https:\/\/app\.example\/cb\?code=/);
      const [grant] = await server.stores.grants.list({}, { limit: 10 }, server.now);
      expect(grant).toMatchObject({
        subject: 'user-ada',
        clientId: 'spa',
        scopes: ['customers:read'],
        audience,
        session: session.visit,
        authTime: session.authTime,
      });
      expect(await server.audit()).toEqual([
        { type: 'grant.given', actor: 'user-ada', subject: 'user-ada', clientId: 'spa', grantId: grant!.id },
      ]);
    });

    test('does the same for a form sent by POST', async () => {
      const { cookie } = await server.signIn();
      const pending = request(server.app).post(path).type('form').set('Cookie', cookie);
      const response = await pending.send(app.parameters());
      expect(response.status).toBe(303);
      expect(sentTo(response)).toHaveProperty('code');
    });

    test('takes the only redirect URI when none is sent, ignores what it does not know, and empty is absent', async () => {
      const { cookie } = await server.signIn();
      const given = {
        redirect_uri: undefined,
        zebra: '1',
        scope: '',
        prompt: 'none',
        response_mode: 'query',
        resource: '',
      };
      const response = await app.authorize(given, cookie);
      expect(response.headers.location).toMatch(/^https:\/\/app\.example\/cb\?code=/);
      const code = sentTo(response).code!;
      const tokens = await app.redeem(code, { redirect_uri: undefined });
      expect(tokens.body.scope).toBe('customers:read customers:write');
    });

    test('keeps the query of the redirect URI, and leaves out a state that was not sent', async () => {
      const uri = `${callback}?tenant=a%20b&x`;
      await start([spa({ redirectUris: [callback, uri] })]);
      const { cookie } = await server.signIn();
      const { headers } = await app.authorize({ redirect_uri: uri, state: undefined }, cookie);
      expect(headers.location).toMatch(/^https:\/\/app\.example\/cb\?tenant=a%20b&x&code=gac_[\w.-]+&iss=/);
    });

    test('reaches an application on the device', async () => {
      await start([spa({ redirectUris: ['com.example.app:/cb'] })]);
      const { cookie } = await server.signIn();
      const { headers } = await app.authorize({ redirect_uri: 'com.example.app:/cb' }, cookie);
      expect(headers.location).toMatch(/^com\.example\.app:\/cb\?code=/);
    });

    test('gives only the scopes that their roles allow', async () => {
      const { cookie } = await server.signIn('bob');
      const code = sentTo(await app.authorize({}, cookie)).code!;
      expect((await app.redeem(code)).body.scope).toBe('customers:read');
      const refused = await expectRefusal(app.authorize({ scope: 'customers:write' }, cookie), 'access_denied');
      expect(sentTo(refused).state).toBe('s t/ü');
    });

    test('refuses one who is called like the client', async () => {
      server.users.users.set('eve', { subject: 'spa', roles: [], claims: {} });
      const { cookie } = await server.signIn('eve');
      await expectRefusal(app.authorize({}, cookie), 'access_denied');
    });

    describe('asks the directory what they are by now', () => {
      test('and goes by that', async () => {
        const { cookie } = await server.signIn();
        server.users.users.set('ada', { subject: 'user-ada', roles: [], claims: { name: 'Ada King' } });
        const { body } = await app.redeem(sentTo(await app.authorize({}, cookie)).code!);
        expect(body.scope).toBe('customers:read');
        expect(claimsOf(body.access_token)).toMatchObject({ name: 'Ada King' });
        expect(claimsOf(body.access_token)).not.toHaveProperty('roles');
      });

      test.each([true, false])('and by what it said at sign-in, where it does not tell', async (isSilent) => {
        const { cookie } = await server.signIn();
        server.users.isSilent = isSilent;
        server.users.users.delete('ada');
        const { headers } = await app.authorize({}, cookie);
        expect(headers.location).toMatch(isSilent ? /code=gac_/ : /\/oauth\/login\?/);
      });

      test('ends the session of one who is gone, on every page that gives something away', async () => {
        await start([spa(), webApp()]);
        const { cookie, session } = await server.signIn();
        const begun = await new Application(server, 'web-app').authorize();
        const browser = (begun.headers['set-cookie'] as unknown as string[])[0]!.split(';')[0]!;
        const consent = begun.headers.location!.replace(issuer, '').replace('login', 'consent');
        const visit = () => request(server.app).get(consent).set('Cookie', `${browser}; ${cookie}`);
        expect((await visit()).status).toBe(200);

        server.users.disabled.add('user-ada');
        expect((await visit()).headers.location).toMatch(/\/oauth\/login\?/);
        expect((await app.authorize({}, cookie)).headers.location).toMatch(/\/oauth\/login\?/);
        expect(await server.stores.sessions.use(session.id, 60, server.now)).toBeUndefined();
        server.users.disabled.clear();
        expect((await app.authorize({}, cookie)).headers.location).toMatch(/\/oauth\/login\?/);
        expect(await server.audit()).toMatchObject([{ type: 'user.signed-out', subject: 'user-ada' }]);
      });

      test('and tells the client, or whoever is on a page, to come back when it cannot be asked', async () => {
        await start([spa(), webApp()]);
        const { cookie, session } = await server.signIn();
        const begun = await new Application(server, 'web-app').authorize();
        const browser = (begun.headers['set-cookie'] as unknown as string[])[0]!.split(';')[0]!;
        server.users.isDown = true;
        await expectRefusal(app.authorize({}, cookie), 'temporarily_unavailable');
        const consent = begun.headers.location!.replace(issuer, '').replace('login', 'consent');
        const page = await expectPage(request(server.app).get(consent).set('Cookie', `${browser}; ${cookie}`), 503);
        expect([page.headers['retry-after'], page.text]).toEqual(['7', expect.not.stringContaining('it is down')]);
        expect(await server.stores.sessions.use(session.id, 60, server.now)).toBeDefined();
      });
    });

    test('does not take a session that is over, or a cookie of its own making', async () => {
      const { cookie } = await server.signIn();
      server.now += 3_600;
      expect((await app.authorize({}, cookie)).headers.location).toMatch(/\/oauth\/login\?/);
      const made = await app.authorize({}, `garita-session=${'A'.repeat(43)}`);
      expect(made.headers.location).toMatch(/\/oauth\/login\?/);
    });
  });

  describe('for one who is not', () => {
    test('leads to the page where they can, with the request kept for this browser', async () => {
      const response = await app.authorize();
      expect([response.status, response.headers.location]).toEqual([
        303,
        expect.stringMatching(/^http:\/\/127\.0\.0\.1:8080\/oauth\/login\?interaction=[\w-]{43}$/),
      ]);
      const [cookie] = response.headers['set-cookie'] as unknown as string[];
      expect(cookie).toMatch(/^garita-browser=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/i);
      const { pathname, search } = new URL(response.headers.location!);
      const page = request(server.app).get(pathname + search);
      expect((await page.set('Cookie', cookie!.split(';')[0]!)).status).toBe(200);
      expect((await request(server.app).get(pathname + search)).status).toBe(400);
    });

    test.each([
      ['a client that is not ours', webApp(), true],
      ['a native one', spa({ application: 'native', firstParty: false }), true],
      ['ours', webApp({ firstParty: true }), false],
    ])('asks a signed-in user about %s', async (_what, client, isAsked) => {
      await start([client]);
      const { cookie } = await server.signIn();
      const { headers } = await app.authorize({}, cookie);
      expect(headers.location!.includes('/oauth/consent?interaction=')).toBe(isAsked);
    });
  });

  describe('shows a page and sends the browser nowhere (RFC 6749 §3.1.2.4)', () => {
    test.each([
      ['an unknown client', { client_id: 'nobody' }],
      ['no client', { client_id: undefined }],
      ['an empty one', { client_id: '' }],
      ['markup for a client', { client_id: '<script>alert(1)</script>' }],
      ['a redirect URI of somebody else', { redirect_uri: 'https://evil.example/cb' }],
      ['a longer redirect URI', { redirect_uri: `${callback}/x` }],
      ['markup for a redirect URI', { redirect_uri: 'javascript:alert(1)//<script>' }],
    ])('for %s', async (_what, further) => {
      const { cookie } = await server.signIn();
      const { text } = await expectPage(app.authorize(further, cookie));
      expect(text).not.toContain('alert(1)');
      expect(text).not.toContain('evil.example');
    });

    test('for two of client_id or redirect_uri, even if they are the same', async () => {
      const twice = (extra: string) => request(server.app).get(`${path}?${app.parameters()}&${extra}`);
      await expectPage(twice('client_id=spa'));
      await expectPage(twice(encode({ redirect_uri: callback })));
      await expectPage(twice('redirect_u%72i='));
    });

    test('for no redirect URI where the client has two, or none', async () => {
      await start([spa({ redirectUris: [callback, `${callback}2`] })]);
      await expectPage(app.authorize({ redirect_uri: undefined }));
      await start([makeClient('service')]);
      await expectPage(app.authorize({ redirect_uri: undefined }));
      await expectPage(app.authorize());
    });

    test('for what cannot be read at all', async () => {
      await expectPage(request(server.app).get(`${path}?client_id=%`));
      await expectPage(request(server.app).get(`${path}?client_id=%ff`));
      await expectPage(request(server.app).get(path));
      await expectPage(request(server.app).post(path).send({ client_id: 'spa' }));
      await expectPage(request(server.app).post(`${path}?${app.parameters()}`).type('form').send(''));
    });

    test('for a client of the store that is disabled', async () => {
      await start([]).catch(() => {});
      await server.stores.clients.add({ ...spa(), secrets: [], disabled: false, createdAt: 0 });
      app = new Application(server, 'spa');
      expect((await app.authorize()).status).toBe(303);
      await server.stores.clients.setDisabled('spa', true);
      await expectPage(app.authorize());
    });

    test('when the store cannot say which client it is', async () => {
      const find = () => Promise.reject(new StoreError('The database /secret/place.db failed'));
      await start([spa()], { clients: { configured: [], find, isTaken: find, allowsOrigin: async () => false } });
      const { text, headers } = await expectPage(app.authorize(), 503);
      expect(headers['retry-after']).toBe('5');
      expect(text).not.toContain('secret/place');
    });
  });

  describe('tells the client', () => {
    test.each([
      ['no response type', { response_type: undefined }, 'invalid_request'],
      ['the implicit grant', { response_type: 'token' }, 'unsupported_response_type'],
      ['a hybrid one', { response_type: 'code id_token' }, 'unsupported_response_type'],
      ['another case', { response_type: 'Code' }, 'unsupported_response_type'],
      ['a fragment for the answer', { response_mode: 'fragment' }, 'invalid_request'],
      ['a form for the answer', { response_mode: 'form_post' }, 'invalid_request'],
      ['a scope that there is not', { scope: 'customers:read nothing' }, 'invalid_scope'],
      ['a scope of others', { scope: 'products:write' }, 'invalid_scope'],
      ['a malformed scope', { scope: 'a"b' }, 'invalid_scope'],
    ])('of %s', async (_what, further, error) => {
      const { cookie } = await server.signIn();
      const refused = await expectRefusal(app.authorize(further, cookie), error);
      expect(sentTo(refused).state).toBe('s t/ü');
    });

    test('of a parameter that came twice; of two states, none is sent back', async () => {
      const twice = (extra: string) => request(server.app).get(`${path}?${app.parameters()}&${extra}`);
      for (const extra of ['scope=&scope=', 'code_challenge=', 'response_t%79pe=code', 'zebra=1&zebra=1']) {
        expect(sentTo(await expectRefusal(twice(extra), 'invalid_request')).state).toBe('s t/ü');
      }
      const refused = await expectRefusal(twice('state=other'), 'invalid_request');
      expect(sentTo(refused)).not.toHaveProperty('state');
    });

    test('with the query of its redirect URI kept', async () => {
      const uri = `${callback}?tenant=a`;
      await start([spa({ redirectUris: [uri] })]);
      const pending = app.authorize({ redirect_uri: uri, response_type: 'token' });
      expect(sentTo(await expectRefusal(pending, 'unsupported_response_type', uri))).toMatchObject({
        tenant: 'a',
        state: 's t/ü',
      });
    });

    test('that it may not use this grant', async () => {
      await start([spa({ grants: ['client_credentials'] })]);
      await expectRefusal(app.authorize(), 'unauthorized_client');
    });

    test('when the store fails from then on, without its words', async () => {
      const stores = openMemoryStores();
      const create = () => Promise.reject(new StoreError('The database /secret/place.db failed'));
      await start([spa()], { stores: { grants: { ...stores.grants, create } } });
      const { cookie } = await server.signIn();
      const refused = await expectRefusal(app.authorize({}, cookie), 'temporarily_unavailable');
      expect(refused.headers.location).not.toContain('place');
      expect(server.log).toEqual([
        { level: 'error', message: 'an endpoint of OAuth failed', fields: { path, error: expect.any(StoreError) } },
      ]);
    });
  });

  describe('PKCE (RFC 7636 §4.3, §4.4.1)', () => {
    test.each([
      ['no challenge', { code_challenge: undefined, code_challenge_method: undefined }],
      ['a method without a challenge', { code_challenge: undefined }],
      ['a challenge without a method', { code_challenge_method: undefined }],
      ['an empty method', { code_challenge_method: '' }],
      ['plain', { code_challenge_method: 'plain' }],
      ['another case of the method', { code_challenge_method: 's256' }],
      ['a challenge of one letter', { code_challenge: 'a' }],
      ['one that is too short', { code_challenge: 'a'.repeat(42) }],
      ['one that is too long', { code_challenge: 'a'.repeat(44) }],
      ['one with padding', { code_challenge: `${'a'.repeat(42)}=` }],
      ['one of other characters', { code_challenge: `${'a'.repeat(42)}+` }],
    ])('refuses %s', async (_what, further) => {
      const { cookie } = await server.signIn();
      await expectRefusal(app.authorize(further, cookie), 'invalid_request');
      await start([webApp({ firstParty: true })]);
      await expectRefusal(app.authorize(further, (await server.signIn()).cookie), 'invalid_request');
    });

    test('can be left out by a confidential client that opted out, but not done by half', async () => {
      await start([webApp({ firstParty: true, requirePkce: false })]);
      const { cookie } = await server.signIn();
      const without = { code_challenge: undefined, code_challenge_method: undefined };
      expect(sentTo(await app.authorize(without, cookie))).toHaveProperty('code');
      await expectRefusal(app.authorize({ code_challenge: undefined }, cookie), 'invalid_request');
      await expectRefusal(app.authorize({ code_challenge_method: 'plain' }, cookie), 'invalid_request');
    });
  });

  describe('resource (RFC 8707 §2)', () => {
    beforeEach(() => start([spa({ resources: ['https://orders.example'] })]));

    test.each([audience, 'https://orders.example'])('%s becomes the audience', async (resource) => {
      const { body } = await app.redeem(await app.getCode({ resource }));
      expect(claimsOf(body.access_token).aud).toBe(resource);
    });

    test.each([
      'https://payments.example',
      'https://orders.example/',
      'https://orders.example#x',
      '/orders',
      'orders',
      'HTTPS://orders.example',
    ])('%s is refused', async (resource) => {
      await expectRefusal(app.authorize({ resource }), 'invalid_target');
    });

    test('several are refused', async () => {
      const two = `${app.parameters({ resource: audience })}&${encode({ resource: 'https://orders.example' })}`;
      await expectRefusal(request(server.app).get(`${path}?${two}`), 'invalid_target');
    });
  });

  test.each(['put', 'delete', 'options', 'patch'] as const)('refuses %s', async (method) => {
    const { status, headers } = await request(server.app)[method](`${path}?${app.parameters()}`);
    expect([status, headers.allow]).toEqual([405, 'GET, POST']);
  });

  test('is not for scripts (browser-based apps §6.3.2)', async () => {
    const { cookie } = await server.signIn();
    for (const pending of [
      app.authorize({}, cookie),
      app.authorize({ scope: 'x' }),
      app.authorize({ client_id: 'x' }),
    ]) {
      const { headers } = await pending.set('Origin', 'https://app.example');
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  test('is not there where there are no users, nor are the pages', async () => {
    await start([spa()], { withUsers: false });
    for (const name of ['authorize', 'login', 'consent', 'logout']) {
      expect(server.oauth.handles(`/oauth/${name}`)).toBe(false);
    }
    for (const type of ['authorization_code', 'refresh_token', 'password']) {
      const { body } = await app.post('/oauth/token', { grant_type: type });
      expect(body.error).toBe('unsupported_grant_type');
    }
  });

  test('lives below the path of the issuer', async () => {
    await start([spa()], { issuer: 'https://id.example/auth' });
    const { cookie } = await server.signIn();
    const pending = request(server.app).get(`/auth${path}?${app.parameters()}`);
    expect(sentTo(await pending.set('Cookie', cookie)).iss).toBe('https://id.example/auth');
    const anonymous = await request(server.app).get(`/auth${path}?${app.parameters()}`);
    expect(anonymous.headers.location).toMatch(/^https:\/\/id\.example\/auth\/oauth\/login\?/);
  });
});
