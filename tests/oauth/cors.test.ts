import request from 'supertest';
import { openMemoryStores } from '../../src/stores/memory/memory-stores.ts';
import { StoreError } from '../../src/stores/store-error.ts';
import { Application, appSecret, callback, spa, webApp } from './application.ts';
import { type AuthorizationServer, createAuthorizationServer } from './authorization-server.ts';

const own = 'https://app.example';
const other = 'https://other.example';
const corsOf = ({ headers }: request.Response) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')));

describe('scripts of browsers (browser-based apps §6.3.2, Fetch)', () => {
  let server: AuthorizationServer;
  let app: Application;
  beforeEach(async () => {
    const configured = [spa(), { ...spa(), id: 'other', origins: [other] }, webApp({ firstParty: true })];
    server = await createAuthorizationServer({ withUsers: true, configured });
    app = new Application(server);
  });

  const readable = {
    'access-control-allow-origin': own,
    'access-control-expose-headers': 'WWW-Authenticate, Retry-After',
  };

  describe.each(['/oauth/token', '/oauth/revoke'])('at %s', (path) => {
    const preflight = (origin: string, target = path) =>
      request(server.app)
        .options(target)
        .set({ Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'dpop' });

    test.each([own, other])('may ask before they know which client it is: %s', async (origin) => {
      const answer = await preflight(origin);
      expect([answer.status, answer.text, answer.headers.vary]).toEqual([204, '', 'Origin']);
      expect(corsOf(answer)).toEqual({
        ...readable,
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'Authorization, Content-Type',
        'access-control-max-age': '600',
      });
    });

    test.each([
      'https://evil.example',
      'null',
      '',
      '*',
      'https://app.example.evil.example',
      'https://app.example/',
      'https://APP.example',
      'http://app.example',
      'https://app.example:443',
      'https://app.example, https://app.example',
    ])('may not from %p', async (origin) => {
      const answer = await preflight(origin);
      expect([answer.status, corsOf(answer), answer.headers.vary]).toEqual([204, {}, 'Origin']);
      const pending = app.post(path, { token: 'x', grant_type: 'refresh_token', refresh_token: 'x' });
      expect(corsOf(await pending.set('Origin', origin))).toEqual({});
    });

    test('without an Origin are no matter, but answers are told apart for caches', async () => {
      const answer = await app.post(path, { token: 'x' });
      expect([corsOf(answer), answer.headers.vary]).toEqual([{}, 'Origin']);
      const options = await request(server.app).options(path);
      expect([options.status, options.headers.allow, corsOf(options)]).toEqual([204, 'POST, OPTIONS', {}]);
    });

    test('can read refusals: 400, 401, 413 and 429', async () => {
      const ask = (fields: Readonly<Record<string, string>>) => app.post(path, fields).set('Origin', own);
      const bad = await ask({ grant_type: 'nothing' });
      const wrong = () => ask({ client_id: 'web-app', client_secret: 'wrong', grant_type: 'refresh_token' });
      const unknown = await ask({ client_id: 'nobody' });
      const refused = await wrong();
      for (let n = 0; n < 19; n++) await wrong();
      const slowed = await wrong();
      const large = await ask({ zebra: 'x'.repeat(9_000) });
      const answers = [bad, unknown, refused, slowed, large];
      expect(answers.map(({ status }) => status)).toEqual([400, 401, 401, 429, 413]);
      for (const answer of answers) expect([corsOf(answer), answer.headers.vary]).toEqual([readable, 'Origin']);
    });

    test('can read no answer to a client that is not theirs, once it is known', async () => {
      const theirs = await app.post(path, { token: 'x' }).set('Origin', own);
      const foreign = await app.post(path, { token: 'x' }).set('Origin', other);
      const confidential = new Application(server, 'web-app', appSecret).post(path, { token: 'x' });
      expect([corsOf(theirs), corsOf(foreign), corsOf(await confidential.set('Origin', own))]).toEqual([
        readable,
        {},
        {},
      ]);
    });

    test('never come with the credentials of the browser', async () => {
      for (const pending of [preflight(own), app.post(path, { token: 'x' }).set('Origin', own)]) {
        expect((await pending).headers).not.toHaveProperty('access-control-allow-credentials');
      }
    });
  });

  test('get tokens', async () => {
    const answer = await app.redeem(await app.getCode()).set('Origin', own);
    expect([answer.status, corsOf(answer)]).toEqual([200, readable]);
  });

  test('are known by the clients of the store, unless these are disabled', async () => {
    const { secretHashes: _, ...client } = { ...spa(), id: 'added', origins: ['https://added.example'] };
    await server.stores.clients.add({ ...client, secrets: [], disabled: false, createdAt: 0 });
    const ask = () => request(server.app).options('/oauth/token').set('Origin', 'https://added.example');
    expect(corsOf(await ask())).toMatchObject({ 'access-control-allow-origin': 'https://added.example' });
    await server.stores.clients.setDisabled('added', true);
    expect(corsOf(await ask())).toEqual({});
  });

  test('may read what is public from anywhere', async () => {
    for (const path of [
      '/.well-known/oauth-authorization-server',
      '/.well-known/oauth-protected-resource',
      '/.well-known/jwks.json',
    ]) {
      const answer = await request(server.app).get(path).set('Origin', 'https://evil.example');
      expect(corsOf(answer)).toEqual({ 'access-control-allow-origin': '*' });
    }
  });

  test('read nothing of introspection and the pages', async () => {
    const answers = [
      await app.post('/oauth/introspect', { token: 'x' }).set('Origin', own),
      await request(server.app).options('/oauth/introspect').set('Origin', own),
      await request(server.app).get('/oauth/login').set('Origin', own),
      await app.authorize().set('Origin', own),
      await request(server.app).options('/oauth/authorize').set('Origin', own),
      await request(server.app).get('/oauth/logout').set('Origin', own),
    ];
    for (const answer of answers) expect(corsOf(answer)).toEqual({});
  });

  test('wait while the store cannot say whether they may: 503', async () => {
    const stores = openMemoryStores();
    const hasOrigin = () => Promise.reject(new StoreError('The database /secret/place.db failed'));
    server = await createAuthorizationServer({ stores: { clients: { ...stores.clients, hasOrigin } } });
    const answer = await request(server.app).options('/oauth/token').set('Origin', callback);
    expect([answer.status, answer.body.error]).toEqual([503, 'temporarily_unavailable']);
    expect(answer.text).not.toContain('place');
  });
});
