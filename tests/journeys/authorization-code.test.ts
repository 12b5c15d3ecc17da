import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { createPageVisitor, signIn } from '../support/page-visitor.ts';
import { ada, redirectUri, startSignInGateway } from '../support/start-sign-in.ts';

/** Two libraries that nobody here wrote go through everything that an application does. */

const insecure = { [oauth.allowInsecureRequests]: true };

describe('oauth4webapi', () => {
  const app: oauth.Client = { client_id: 'app' };
  const noSecret = oauth.None();

  async function start() {
    const { gateway, upstream } = await startSignInGateway();
    const issuer = new URL(gateway.url);
    const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure });
    const server = await oauth.processDiscoveryResponse(issuer, found);
    const callApi = (token: string) =>
      oauth.protectedResourceRequest(token, 'GET', new URL('/things', issuer), undefined, undefined, insecure);
    return { gateway, upstream, server, callApi };
  }

  /** An authorization request, and what only its sender knows. */
  async function askForCode(server: oauth.AuthorizationServer, scope = 'read') {
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const url = new URL(server.authorization_endpoint!);
    url.search = new URLSearchParams({
      client_id: app.client_id,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope,
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString();
    return { url, verifier, state };
  }

  async function getTokens(server: oauth.AuthorizationServer, visitor = createPageVisitor()) {
    const { url, verifier, state } = await askForCode(server);
    const answer = oauth.validateAuthResponse(server, app, await signIn(visitor, url, ada), state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      app,
      noSecret,
      answer,
      redirectUri,
      verifier,
      insecure,
    );
    return oauth.processAuthorizationCodeResponse(server, app, response);
  }

  async function refresh(server: oauth.AuthorizationServer, token: string) {
    const response = await oauth.refreshTokenGrantRequest(server, app, noSecret, token, insecure);
    return oauth.processRefreshTokenResponse(server, app, response);
  }

  test('a user signs in, the API answers, tokens are refreshed and taken back', async () => {
    const { server, upstream, callApi } = await start();
    const tokens = await getTokens(server);
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 300 });
    expect((await callApi(tokens.access_token)).status).toBe(200);
    expect(upstream.requests[0]!.header('X-User-Id')).toMatch(/^\S{8,}$/);
    expect(upstream.requests[0]!.header('X-Client-Id')).toBe('app');

    const renewed = await refresh(server, tokens.refresh_token!);
    expect(renewed.refresh_token).not.toBe(tokens.refresh_token);
    expect((await callApi(renewed.access_token)).status).toBe(200);

    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server, app, noSecret, renewed.refresh_token!, insecure),
    );
    await expect(refresh(server, renewed.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
    // The whole grant is gone, so the next call of the API fails too.
    for (const { access_token: token } of [tokens, renewed]) {
      await expect(callApi(token)).rejects.toMatchObject({ status: 401 });
    }
  });

  test('two tabs that refresh at once get the same refresh token, and both go on', async () => {
    const { server, callApi } = await start();
    const { refresh_token: first } = await getTokens(server);
    const [left, right] = await Promise.all([refresh(server, first!), refresh(server, first!)]);
    expect(left.refresh_token).toBe(right.refresh_token);
    for (const { access_token: token } of [left, right]) expect((await callApi(token)).status).toBe(200);
    expect((await refresh(server, left.refresh_token!)).access_token).toBeDefined();
  });

  test('who is signed in and has allowed it gets another code without a page', async () => {
    const { server } = await start();
    const visitor = createPageVisitor();
    await getTokens(server, visitor);
    const { url, state } = await askForCode(server);
    const visited = await visitor.open(url);
    expect(
      oauth.validateAuthResponse(server, app, 'sentTo' in visited ? visited.sentTo : new URL(url), state).get('code'),
    ).toMatch(/^gac_/);
  });

  test('who does not allow it sends the application away without a code', async () => {
    const { server } = await start();
    const { url, state } = await askForCode(server);
    const denied = await signIn(createPageVisitor(), url, { ...ada, decision: 'deny' });
    expect(() => oauth.validateAuthResponse(server, app, denied, state)).toThrow(
      expect.objectContaining({ error: 'access_denied' }),
    );
  });

  test('an answer of another issuer is noticed', async () => {
    const { server } = await start();
    const { url, state } = await askForCode(server);
    const answer = await signIn(createPageVisitor(), url, ada);
    expect(answer.searchParams.get('iss')).toBe(server.issuer);
    answer.searchParams.set('iss', 'https://mallory.example');
    expect(() => oauth.validateAuthResponse(server, app, answer, state)).toThrow(/iss/);
  });

  test('a code is no use without the verifier', async () => {
    const { server } = await start();
    const { url, state } = await askForCode(server);
    const answer = oauth.validateAuthResponse(server, app, await signIn(createPageVisitor(), url, ada), state);
    const stolen = oauth.authorizationCodeGrantRequest(
      server,
      app,
      noSecret,
      answer,
      redirectUri,
      oauth.generateRandomCodeVerifier(),
      insecure,
    );
    await expect(oauth.processAuthorizationCodeResponse(server, app, await stolen)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  test('access tokens are what RFC 9068 says', async () => {
    const { gateway, server } = await start();
    const { access_token: token } = await getTokens(server);
    const request = new Request(`${gateway.url}/things`, { headers: { Authorization: `Bearer ${token}` } });
    const claims = await oauth.validateJwtAccessToken(server, request, gateway.url, insecure);
    expect(claims).toMatchObject({ client_id: 'app', scope: 'read', iss: gateway.url, auth_time: expect.any(Number) });
    expect(claims.sub).not.toBe('app');
    expect(claims.name).toBe('Ada Lovelace');
  });
});

describe('openid-client', () => {
  const allowHttp = { algorithm: 'oauth2', execute: [client.allowInsecureRequests] } as const;

  async function start(id: string, secret?: string) {
    const { gateway } = await startSignInGateway();
    const options = { ...allowHttp, execute: [...allowHttp.execute] };
    const authentication = secret === undefined ? client.None() : client.ClientSecretBasic(secret);
    return { gateway, config: await client.discovery(new URL(gateway.url), id, {}, authentication, options) };
  }

  async function getTokens(config: client.Configuration) {
    const verifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'read',
      state,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const answer = await signIn(createPageVisitor(), url, ada);
    return client.authorizationCodeGrant(config, answer, { pkceCodeVerifier: verifier, expectedState: state });
  }

  test('a public client signs a user in, refreshes, and takes back', async () => {
    const { gateway, config } = await start('app');
    const tokens = await getTokens(config);
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token!);
    const callApi = () =>
      client.fetchProtectedResource(config, renewed.access_token, new URL('/things', gateway.url), 'GET');
    expect((await callApi()).status).toBe(200);
    await client.tokenRevocation(config, renewed.refresh_token!);
    await expect(callApi()).rejects.toMatchObject({ status: 401 });
  });

  test('a confidential client signs a user in, looks into its token, and gets one for itself', async () => {
    const { config } = await start('backend', 'demo-only-backend');
    const tokens = await getTokens(config);
    const seen = await client.tokenIntrospection(config, tokens.access_token);
    expect(seen).toMatchObject({ active: true, client_id: 'backend', scope: 'read' });
    await client.tokenRevocation(config, tokens.access_token);
    expect(await client.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });

    const own = await client.clientCredentialsGrant(config, { scope: 'read' });
    expect(own.refresh_token).toBeUndefined();
    expect(await client.tokenIntrospection(config, own.access_token)).toMatchObject({ active: true, sub: 'backend' });
  });

  test('a refresh token that was used long ago ends everything that came of it', async () => {
    const { config } = await start('app');
    const first = await getTokens(config);
    const second = await client.refreshTokenGrant(config, first.refresh_token!);
    const third = await client.refreshTokenGrant(config, second.refresh_token!);
    await expect(client.refreshTokenGrant(config, first.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(client.refreshTokenGrant(config, third.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });
});
