import request from 'supertest';
import type { Client } from '../../src/model/client.ts';
import { audience, createAuthorizationServer, issuer } from './authorization-server.ts';
import { makeClient } from './make-client.ts';

const wellKnown = '/.well-known/oauth-authorization-server';

describe('the metadata', () => {
  test('describes this server, by RFC 8414', async () => {
    const { app } = await createAuthorizationServer();
    const response = await request(app).get(wellKnown);
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toMatch(/^application\/json/);
    expect(response.headers['cache-control']).toBe('public, max-age=600');
    expect(response.body).toEqual({
      issuer,
      token_endpoint: `${issuer}/oauth/token`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      scopes_supported: ['customers:read', 'customers:write', 'products:write'],
      response_types_supported: [],
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      revocation_endpoint: `${issuer}/oauth/revoke`,
      revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      introspection_endpoint: `${issuer}/oauth/introspect`,
      introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    });
  });

  test('lists what users need, where there are users', async () => {
    const { app } = await createAuthorizationServer({ withUsers: true });
    const { body } = await request(app).get(wellKnown);
    const authenticationMethods = ['client_secret_basic', 'client_secret_post', 'none'];
    expect(body).toMatchObject({
      authorization_endpoint: `${issuer}/oauth/authorize`,
      end_session_endpoint: `${issuer}/oauth/logout`,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      token_endpoint_auth_methods_supported: authenticationMethods,
      revocation_endpoint_auth_methods_supported: authenticationMethods,
      introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    });
  });

  test('lists the password grant only where a client uses it', async () => {
    const grantsOf = async (...configured: Client[]) => {
      const { app } = await createAuthorizationServer({ withUsers: true, configured });
      return (await request(app).get(wellKnown)).body.grant_types_supported;
    };
    const usual = ['authorization_code', 'refresh_token', 'client_credentials'];
    expect(await grantsOf(makeClient('a'))).toEqual(usual);
    expect(await grantsOf(makeClient('a', { grants: ['password'] }))).toEqual([...usual, 'password']);
  });

  test.each([issuer, 'https://id.example/auth', 'https://id.example/a/b'])(
    'of %s lists only addresses that answer',
    async (url) => {
      const { app, oauth } = await createAuthorizationServer({ issuer: url });
      const base = new URL(url).pathname.replace(/\/$/, '');
      const { body } = await request(app).get(`${wellKnown}${base}`);
      expect(body.issuer).toBe(url);
      const addresses = Object.entries(body).filter(([name]) => /_(endpoint|uri)$/.test(name));
      expect(addresses.length).toBeGreaterThan(0);
      for (const [, address] of addresses) {
        expect(address).toMatch(new RegExp(`^${url}/`));
        const path = new URL(address as string).pathname;
        expect(oauth.handles(path)).toBe(true);
        expect((await request(app).post(path)).status).not.toBe(404);
      }
      for (const grant of body.grant_types_supported) {
        const answer = await request(app)
          .post(new URL(body.token_endpoint).pathname)
          .type('form')
          .send({ grant_type: grant, client_id: 'back-office', client_secret: 'back-office-secret-of-some-length' });
        expect(answer.status).toBe(200);
      }
    },
  );

  test('of an issuer with a path is at the inserted and at the appended address', async () => {
    const { app } = await createAuthorizationServer({ issuer: 'https://id.example/auth' });
    const inserted = await request(app).get(`${wellKnown}/auth`);
    const appended = await request(app).get(`/auth${wellKnown}`);
    expect(inserted.body.token_endpoint).toBe('https://id.example/auth/oauth/token');
    expect(appended.body).toEqual(inserted.body);
    expect((await request(app).get(wellKnown)).status).toBe(404);
    expect((await request(app).post('/oauth/token')).status).toBe(404);
  });

  test('keeps the issuer byte for byte, also where a URL parser would not', async () => {
    const { app } = await createAuthorizationServer({ issuer: 'https://ID.example:443' });
    const { body } = await request(app).get(wellKnown);
    expect([body.issuer, body.jwks_uri]).toEqual([
      'https://ID.example:443',
      'https://ID.example:443/.well-known/jwks.json',
    ]);
  });
});

describe('the metadata of the protected resource', () => {
  const resourcePath = '/.well-known/oauth-protected-resource';

  test('says where tokens come from, by RFC 9728', async () => {
    const { app } = await createAuthorizationServer();
    const { status, body, headers } = await request(app).get(resourcePath);
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(body).toEqual({
      resource: audience,
      authorization_servers: [issuer],
      scopes_supported: ['customers:read', 'customers:write', 'products:write'],
      bearer_methods_supported: ['header'],
    });
  });

  test('is at the inserted and at the appended address', async () => {
    const { app } = await createAuthorizationServer({ issuer: 'https://id.example/auth' });
    const { body } = await request(app).get(`${resourcePath}/auth`);
    expect(body.authorization_servers).toEqual(['https://id.example/auth']);
    expect((await request(app).get(`/auth${resourcePath}`)).body).toEqual(body);
    expect((await request(app).get(resourcePath)).status).toBe(404);
  });

  test.each(['orders', 'urn:orders', 'https://api.example#x'])('is not there for %s, which is no URL', async (name) => {
    const { oauth } = await createAuthorizationServer({ audience: name });
    expect(oauth.handles(resourcePath)).toBe(false);
  });
});

describe('the key set', () => {
  test('has public members only, and may be kept for ten minutes', async () => {
    const { app, keys } = await createAuthorizationServer({ algorithm: 'RS256' });
    const response = await request(app).get('/.well-known/jwks.json');
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toMatch(/^application\/json/);
    expect(response.headers['cache-control']).toBe('public, max-age=600');
    expect(response.body.keys).toHaveLength(1);
    const [key] = response.body.keys;
    expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect([key.kid, key.alg, key.use]).toEqual([keys.current().id, 'RS256', 'sig']);
  });

  test('is not sent again to who has it', async () => {
    const { app } = await createAuthorizationServer();
    const { headers } = await request(app).get('/.well-known/jwks.json');
    const again = await request(app).get('/.well-known/jwks.json').set('If-None-Match', headers.etag!);
    expect([again.status, again.text]).toEqual([304, '']);
    const other = await request(app).get('/.well-known/jwks.json').set('If-None-Match', '"other"');
    expect(other.status).toBe(200);
  });
});

describe('the public documents', () => {
  test.each([wellKnown, '/.well-known/oauth-protected-resource', '/.well-known/jwks.json'])(
    '%s: GET and HEAD only',
    async (path) => {
      const { app } = await createAuthorizationServer();
      const [get, head] = [await request(app).get(path), await request(app).head(path)];
      expect([head.status, head.headers['content-length']]).toEqual([200, get.headers['content-length']]);
      for (const method of ['post', 'put', 'delete'] as const) {
        const response = await request(app)[method](path);
        expect([response.status, response.headers.allow]).toEqual([405, 'GET, HEAD']);
      }
    },
  );

  test('are at exactly their paths: everything else is passed on', async () => {
    const { app, oauth } = await createAuthorizationServer();
    for (const path of [
      '/',
      '/oauth',
      '/oauth/token/',
      '/oauth/Token',
      `${wellKnown}/x`,
      '/.well-known/jwks',
      '/constructor',
    ]) {
      expect(oauth.handles(path)).toBe(false);
      expect((await request(app).get(path)).status).toBe(404);
    }
  });
});
