import { verify } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import request from 'supertest';
import { StoreError } from '../../src/stores/store-error.ts';
import {
  type AuthorizationServer,
  audience,
  basic,
  createAuthorizationServer,
  issuer,
  secrets,
} from './authorization-server.ts';

const backOffice = basic('back-office', secrets['back-office']);

describe('POST /oauth/token', () => {
  let server: AuthorizationServer;
  beforeEach(async () => {
    server = await createAuthorizationServer();
  });

  const post = (body: string, authorization?: string) => {
    const pending = request(server.app).post('/oauth/token').type('form');
    if (authorization !== undefined) pending.set('Authorization', authorization);
    return pending.send(body);
  };
  const grant = 'grant_type=client_credentials';

  const claimsOf = (token: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

  async function expectError(pending: request.Test, status: number, error: string): Promise<request.Response> {
    const response = await pending;
    expect([response.status, response.body.error]).toEqual([status, error]);
    expect(Object.keys(response.body)).toEqual(['error', 'error_description']);
    // RFC 6749 §5.2: no quotes, no backslashes, no control characters.
    expect(response.body.error_description).toMatch(/^[\x20\x21\x23-\x5B\x5D-\x7E]+$/);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.headers.pragma).toBe('no-cache');
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    return response;
  }

  describe('gives a token', () => {
    test('in the form of RFC 6749 §5.1, not to be stored, and without a refresh token', async () => {
      const response = await post(`${grant}&scope=customers:read`, backOffice);
      expect(response.status).toBe(200);
      expect(response.body).toEqual({
        access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        token_type: 'Bearer',
        expires_in: 300,
        scope: 'customers:read',
      });
      expect(response.headers['cache-control']).toBe('no-store');
      expect(response.headers.pragma).toBe('no-cache');
    });

    test('that says who, for whom, how long and with what claims', async () => {
      const { body } = await post(`${grant}&scope=customers:read`, backOffice);
      expect(claimsOf(body.access_token)).toEqual({
        iss: issuer,
        aud: audience,
        sub: 'back-office',
        client_id: 'back-office',
        epoch: 0,
        iat: server.now,
        exp: server.now + 300,
        jti: expect.any(String),
        scope: 'customers:read',
        roles: ['clerk'],
        tenant: 'north',
      });
    });

    test.each(['RS256', 'ES256'] as const)(
      'whose %s signature node:crypto accepts with the published key',
      async (algorithm) => {
        server = await createAuthorizationServer({ algorithm });
        const { body } = await post(grant, backOffice);
        const [header, payload, signature] = body.access_token.split('.');
        const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
        const { keys } = (await request(server.app).get('/.well-known/jwks.json')).body;
        const key = keys.find((candidate: { kid: string }) => candidate.kid === kid);
        const input = { key, format: 'jwk' as const, dsaEncoding: 'ieee-p1363' as const };
        expect(verify('sha256', Buffer.from(`${header}.${payload}`), input, Buffer.from(signature, 'base64url'))).toBe(
          true,
        );
      },
    );

    test('for all scopes of the client when none is asked for, or an empty one', async () => {
      expect((await post(grant, backOffice)).body.scope).toBe('customers:read customers:write');
      expect((await post(`${grant}&scope=`, backOffice)).body.scope).toBe('customers:read customers:write');
    });

    test('for a scope once, however often it is asked for', async () => {
      const { body } = await post(`${grant}&scope=customers:write+customers:read+customers:write`, backOffice);
      expect(body.scope).toBe('customers:write customers:read');
    });

    test('without the member scope when the client has none', async () => {
      const { status, body } = await post(grant, basic('no-scope', secrets['no-scope']));
      expect([status, Object.keys(body)]).toEqual([200, ['access_token', 'token_type', 'expires_in']]);
      expect(claimsOf(body.access_token)).not.toHaveProperty('scope');
    });

    test('to a client that authenticates in the body', async () => {
      const body = new URLSearchParams({ client_id: 'odd:client/%', client_secret: secrets['odd:client/%'] });
      expect((await post(`${grant}&${body}`)).status).toBe(200);
    });

    test('to a client whose id and secret need the form encoding of Basic', async () => {
      expect((await post(grant, basic('odd:client/%', secrets['odd:client/%']))).status).toBe(200);
    });

    test('whatever the case of the scheme, with the same client_id in the body, and with unknown parameters', async () => {
      const authorization = backOffice.replace('Basic', 'bASIC');
      expect((await post(`${grant}&client_id=back-office&client_secret=&zebra=1`, authorization)).status).toBe(200);
    });

    test.each(['the-old-secret', 'the-new-secret'])('for %s while secrets are being replaced', async (secret) => {
      expect((await post(grant, basic('turning', secret))).status).toBe(200);
    });

    test('to many at once, each its own', async () => {
      const ids = ['back-office', 'turning', 'post-only', 'no-scope'] as const;
      const wanted = Array.from({ length: 40 }, (_, n) => ids[n % ids.length]!);
      const subjects = await Promise.all(
        wanted.map(async (id) => {
          const { body } = await post(`${grant}&client_id=${id}&client_secret=${secrets[id]}`);
          return claimsOf(body.access_token).sub;
        }),
      );
      expect(subjects).toEqual(wanted);
    });
  });

  describe('refuses a request', () => {
    test.each(['grant_type', 'scope', 'client_id', 'client_secret', 'zebra'])(
      'with two of the parameter %s',
      async (name) => {
        await expectError(post(`${grant}&${name}=a&${name}=a`, backOffice), 400, 'invalid_request');
      },
    );

    test('whose second parameter is only spelled differently, or empty', async () => {
      await expectError(
        post(`${grant}&scope=customers:read&sc%6Fpe=customers:write`, backOffice),
        400,
        'invalid_request',
      );
      await expectError(post(`${grant}&scope=&scope=customers:read`, backOffice), 400, 'invalid_request');
    });

    test.each([
      'application/json',
      'multipart/form-data; boundary=x',
      'text/plain',
      'application/x-www-form-urlencoded; charset=latin1',
    ])('of type %s', async (type) => {
      const pending = request(server.app)
        .post('/oauth/token')
        .set('Content-Type', type)
        .set('Authorization', backOffice);
      await expectError(pending.send(grant), 400, 'invalid_request');
    });

    test('of no type', async () => {
      await expectError(
        request(server.app).post('/oauth/token').set('Authorization', backOffice),
        400,
        'invalid_request',
      );
    });

    test('of the right type with its charset named is not refused', async () => {
      const type = 'application/x-www-form-urlencoded; charset=UTF-8';
      const pending = request(server.app)
        .post('/oauth/token')
        .set('Content-Type', type)
        .set('Authorization', backOffice);
      expect((await pending.send(grant)).status).toBe(200);
    });

    test('that is coded', async () => {
      const pending = request(server.app).post('/oauth/token').type('form').set('Content-Encoding', 'gzip');
      await expectError(pending.set('Authorization', backOffice).send(grant), 400, 'invalid_request');
    });

    test('larger than 8 kB', async () => {
      await expectError(post(`${grant}&zebra=${'x'.repeat(8_200)}`, backOffice), 413, 'invalid_request');
    });

    test.each(['scope=%', 'scope=%zz', 'scope=%ff', '%c3=1'])('with the broken encoding %s', async (parameter) => {
      await expectError(post(`${grant}&${parameter}`, backOffice), 400, 'invalid_request');
    });

    test('without a grant type', async () => {
      await expectError(post('', backOffice), 400, 'invalid_request');
      await expectError(post('grant_type=', backOffice), 400, 'invalid_request');
    });

    test.each([
      'authorization_code',
      'password',
      'refresh_token',
      'implicit',
      'CLIENT_CREDENTIALS',
      '__proto__',
      'urn:x:y',
    ])('for the grant %s, which there is not', async (type) => {
      await expectError(post(`grant_type=${type}`, backOffice), 400, 'unsupported_grant_type');
    });

    test('for a grant that this client may not use', async () => {
      await expectError(post(grant, basic('no-grant', secrets['no-grant'])), 400, 'unauthorized_client');
    });

    test('for a grant that exists not, although the client lists it', async () => {
      await expectError(
        post('grant_type=password', basic('no-grant', secrets['no-grant'])),
        400,
        'unsupported_grant_type',
      );
    });

    test('of a public client for itself', async () => {
      await expectError(post(`${grant}&client_id=storefront`), 400, 'unauthorized_client');
    });

    test.each([
      'products:write',
      'customers:read+products:write',
      'nothing',
      'Customers:read',
      'customers:read++customers:write',
      '+',
      'a%22b',
      'a%0Ab',
      '%00',
    ])('for the scope %s', async (scope) => {
      await expectError(post(`${grant}&scope=${scope}`, backOffice), 400, 'invalid_scope');
    });

    test.each(['get', 'put', 'delete', 'patch'] as const)('by %s', async (method) => {
      const response = await request(server.app)[method](`/oauth/token?${grant}`).set('Authorization', backOffice);
      expect([response.status, response.headers.allow]).toEqual([405, 'POST, OPTIONS']);
      expect(response.headers['cache-control']).toBe('no-store');
    });

    test('whose parameters are in the query', async () => {
      const pending = request(server.app).post(`/oauth/token?${grant}&client_id=back-office`).type('form');
      await expectError(pending.set('Authorization', backOffice).send(''), 400, 'invalid_request');
    });
  });

  describe('refuses a client', () => {
    const wrong = 'not-the-secret';

    test('that is unknown exactly as one with a wrong secret, in either way', async () => {
      const answers = await Promise.all([
        expectError(post(grant, basic('nobody', wrong)), 401, 'invalid_client'),
        expectError(post(grant, basic('back-office', wrong)), 401, 'invalid_client'),
        expectError(post(grant, basic('post-only', secrets['post-only'])), 401, 'invalid_client'),
        expectError(post(`${grant}&client_id=nobody&client_secret=${wrong}`), 401, 'invalid_client'),
        expectError(post(`${grant}&client_id=back-office&client_secret=${wrong}`), 401, 'invalid_client'),
        expectError(
          post(`${grant}&client_id=basic-only&client_secret=${secrets['basic-only']}`),
          401,
          'invalid_client',
        ),
        expectError(post(`${grant}&client_id=back-office`), 401, 'invalid_client'),
        expectError(post(`${grant}&client_id=nobody`), 401, 'invalid_client'),
        expectError(post(`${grant}&client_id=half-configured`), 401, 'invalid_client'),
        expectError(post(grant), 401, 'invalid_client'),
      ]);
      const seen = answers.map(({ text, headers }) => JSON.stringify([text, headers['www-authenticate']]));
      expect(new Set(seen).size).toBe(1);
      expect(answers[0]!.headers['www-authenticate']).toMatch(/^Basic realm="/);
    });

    test('and tells the log alone why, without the secret', async () => {
      await post(grant, basic('nobody', wrong));
      await post(grant, basic('back-office', wrong));
      await post(grant, basic('post-only', secrets['post-only']));
      expect(server.log.map(({ fields }) => [fields?.clientId, fields?.reason])).toEqual([
        ['nobody', 'unknown client'],
        ['back-office', 'wrong secret'],
        ['post-only', 'not registered for client_secret_basic'],
      ]);
      expect(JSON.stringify(server.log)).not.toMatch(/not-the-secret|post-only-secret/);
    });

    test('and remembers it, for clients that there are: names that callers make up are not kept', async () => {
      await post(grant, basic('nobody', wrong));
      await post(grant, basic('back-office', wrong));
      await new Promise((resolve) => setImmediate(resolve));
      expect(await server.audit()).toEqual([
        { type: 'client.refused', clientId: 'back-office', address: expect.any(String), detail: 'wrong secret' },
      ]);
    });

    test.each(['', 'sha256:', 'x'])('with the secret %p where none is stored', async (secret) => {
      await expectError(post(grant, basic('storefront', secret)), 401, 'invalid_client');
    });

    test('with the hash of its secret', async () => {
      await expectError(post(grant, basic('back-office', 'sha256:00')), 401, 'invalid_client');
    });

    test('that uses another scheme', async () => {
      await expectError(post(grant, 'Bearer abc'), 401, 'invalid_client');
      await expectError(post(grant, 'Digest username="x"'), 401, 'invalid_client');
    });

    test('that authenticates in both ways at once, even rightly', async () => {
      const body = `${grant}&client_id=back-office&client_secret=${secrets['back-office']}`;
      await expectError(post(body, backOffice), 400, 'invalid_request');
      await expectError(post(`${grant}&client_secret=${secrets['back-office']}`, backOffice), 400, 'invalid_request');
      await expectError(post(body, 'Bearer abc'), 400, 'invalid_request');
    });

    test('whose id in the body is another than in the field', async () => {
      await expectError(post(`${grant}&client_id=turning`, backOffice), 400, 'invalid_request');
    });

    test('that sends a secret without an id', async () => {
      await expectError(post(`${grant}&client_secret=${wrong}`), 400, 'invalid_request');
    });

    const encode = (credentials: string | Uint8Array) => Buffer.from(credentials).toString('base64');
    test.each([
      ['nothing', ''],
      ['no base64', '%%%'],
      ['no padding', encode('ab:c').replace(/=+$/, 'x')],
      ['too much padding', 'YTpi===='],
      ['base64url', 'YTp_-_8='],
      ['blanks', 'YTpi YTpi'],
      ['no colon', encode('back-office')],
      ['no id', encode(':secret')],
      ['a broken percent', encode('back-office:%')],
      ['a broken percent in the id', encode('back%zzoffice:x')],
      ['percent-encoded bytes that are no UTF-8', encode('back-office:%ff')],
      ['bytes that are no UTF-8', encode(Uint8Array.of(0x61, 0x3a, 0xff))],
    ])('whose Basic credentials have %s: 400 and never 500', async (_what, credentials) => {
      await expectError(post(grant, `Basic ${credentials}`), 400, 'invalid_request');
      expect(server.log).toEqual([]);
    });

    test('with an id of control characters or beyond ASCII as any unknown one', async () => {
      for (const id of ['\0', 'a\nb', 'ñ', '__proto__', 'constructor']) {
        await expectError(post(grant, basic(id, wrong)), 401, 'invalid_client');
      }
    });

    test('that sends two Authorization fields, of which Node would show the first', async () => {
      const listening = server.app.listen(0, '127.0.0.1');
      await once(listening, 'listening');
      const { port } = listening.address() as AddressInfo;
      const response = await new Promise<string>((resolve) => {
        const socket = connect(port, '127.0.0.1');
        socket.end(
          `POST /oauth/token HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: ${backOffice}\r\nAuthorization: Basic x\r\n` +
            `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${grant.length}\r\n\r\n${grant}`,
        );
        resolve(text(socket));
      });
      listening.close();
      expect(response).toMatch(/^HTTP\/1\.1 400 /);
      expect(response).toContain('"error":"invalid_request"');
    });
  });

  describe('slows down guessing', () => {
    const guess = () => post(grant, basic('back-office', 'a guess'));

    test('after 20 failures from an address within a minute, even for the right secret, and forgets it then', async () => {
      for (let n = 0; n < 20; n++) await expectError(guess(), 401, 'invalid_client');
      server.now += 20;
      const refused = await expectError(guess(), 429, 'temporarily_unavailable');
      expect(refused.headers['retry-after']).toBe('40');
      await expectError(post(grant, backOffice), 429, 'temporarily_unavailable');
      expect((await post(grant, basic('odd:client/%', secrets['odd:client/%']))).status).toBe(200);
      server.now += 40;
      expect((await post(grant, backOffice)).status).toBe(200);
    });

    test('and locks out nobody whose secret was right before, whoever guesses from the same address', async () => {
      await post(grant, backOffice);
      for (let n = 0; n < 20; n++) await expectError(guess(), 401, 'invalid_client');
      await expectError(guess(), 429, 'temporarily_unavailable');
      expect((await post(grant, backOffice)).status).toBe(200);
    });

    test('and counts those without a secret apart: public clients cannot be locked out, nor others by them', async () => {
      const asPublic = (id: string) => post(`${grant}&client_id=${id}`);
      for (let n = 0; n < 20; n++) await expectError(asPublic('back-office'), 401, 'invalid_client');
      await expectError(asPublic('back-office'), 429, 'temporarily_unavailable');
      expect((await post(grant, backOffice)).status).toBe(200);
      for (let n = 0; n < 20; n++) await expectError(post(grant, basic('storefront', 'x')), 401, 'invalid_client');
      await expectError(asPublic('storefront'), 400, 'unauthorized_client');
    });

    test('and never counts what went well', async () => {
      const statuses = await Promise.all(
        Array.from({ length: 30 }, async () => (await post(grant, backOffice)).status),
      );
      expect(new Set(statuses)).toEqual(new Set([200]));
    });
  });

  describe('when something behind it fails', () => {
    const failing = (error: Error) =>
      createAuthorizationServer({
        clients: {
          configured: [],
          find: () => Promise.reject(error),
          isTaken: () => Promise.reject(error),
          allowsOrigin: async () => false,
        },
      });

    test('says 503 and when to come back for the store, and no more', async () => {
      server = await failing(new StoreError('The database /secret/place.db failed: disk I/O error'));
      const response = await expectError(post(grant, backOffice), 503, 'temporarily_unavailable');
      expect(response.headers['retry-after']).toBe('5');
      expect(response.text).not.toMatch(/secret|database|disk/);
      expect(server.log).toEqual([
        {
          level: 'error',
          message: 'an endpoint of OAuth failed',
          fields: { path: '/oauth/token', error: expect.any(StoreError) },
        },
      ]);
    });

    test('says 500 for a bug, and no more', async () => {
      server = await failing(new TypeError('password=hunter2'));
      const response = await expectError(post(grant, backOffice), 500, 'server_error');
      expect(response.text).not.toContain('hunter2');
    });
  });

  test('reports each token to the log, without the token', async () => {
    const { body } = await post(`${grant}&scope=customers:read`, backOffice);
    const { jti } = claimsOf(body.access_token);
    expect(server.log).toEqual([
      {
        level: 'info',
        message: 'token issued',
        fields: { clientId: 'back-office', grant: 'client_credentials', scopes: ['customers:read'], jti },
      },
    ]);
  });

  test('survives a caller that goes away in the middle of its body', async () => {
    const listening = server.app.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    const { port } = listening.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve) => {
      socket.write(
        'POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\ngrant',
        () => resolve(),
      );
    });
    socket.destroy();
    const after = await new Promise<[number | undefined, IncomingHttpHeaders]>((resolve, reject) => {
      const headers = { Authorization: backOffice, 'Content-Type': 'application/x-www-form-urlencoded' };
      const again = httpRequest({
        port,
        host: '127.0.0.1',
        path: '/oauth/token',
        method: 'POST',
        headers,
        agent: false,
      });
      again.on('response', (response) => {
        response.resume();
        resolve([response.statusCode, response.headers]);
      });
      again.on('error', reject);
      again.end(grant);
    });
    listening.close();
    expect(after[0]).toBe(200);
  });
});
