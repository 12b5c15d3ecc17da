// Signing in, by the authorization code grant with PKCE (RFC 6749 §4.1, RFC 7636), as a browser application should
// (OAuth 2.0 for Browser-Based Applications). The library does the checking; nothing here is particular to Garita.

import * as oauth from './oauth4webapi.js';

/** The one address that has to be known: everything else is in the metadata that the library fetches there (RFC 8414). */
const issuer = new URL(location.origin);
const client = { client_id: 'storefront' };
const scope = 'customers:read';
const redirectUri = `${location.origin}/demo/callback`;
const signedOutUri = `${location.origin}/demo/`;

/** An application in a browser cannot keep a secret, so it has none. */
const authentication = oauth.None();

/** Plain http is for a server on one's own machine. Leave this out: the library then insists on https. */
const options = { [oauth.allowInsecureRequests]: location.protocol === 'http:' };

/**
 * @typedef {object} Tokens
 * @property {string} access
 * @property {string} refresh
 * @property {number} expiresAt  When the access token does, by the clock of this browser, in milliseconds.
 * @property {number} signedInAt
 * @property {number} renewals   How often they were refreshed since.
 */

/** The user has to sign in again: the refresh token has expired or was revoked. */
export class SignInExpired extends Error {}

let metadata;

/** What the authorization server says of itself. */
async function discover() {
  metadata ??= await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...options }),
  );
  return metadata;
}

/** Leaves the page for the authorization server, which sends the browser back to the callback. */
export async function beginSignIn() {
  const server = await discover();
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  // For this tab only: another one may be signing in at the same time.
  sessionStorage.setItem('sign-in', JSON.stringify({ verifier, state }));

  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: client.client_id,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  location.assign(url);
}

/**
 * Exchanges the code of the callback's address for tokens. Throws where the answer is not the one that this tab asked
 * for, comes from another issuer (RFC 9207), or says that there is no code.
 *
 * @param {URL} callback
 * @returns {Promise<Tokens>}
 */
export async function finishSignIn(callback) {
  const asked = JSON.parse(sessionStorage.getItem('sign-in') ?? 'null');
  sessionStorage.removeItem('sign-in');
  if (!asked) throw new Error('This tab is not signing in. Begin again.');

  const server = await discover();
  const answer = oauth.validateAuthResponse(server, client, callback, asked.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    authentication,
    answer,
    redirectUri,
    asked.verifier,
    options,
  );
  const reply = await oauth.processAuthorizationCodeResponse(server, client, response);
  return keep(reply, { signedInAt: Date.now(), renewals: 0 });
}

/**
 * Exchanges the refresh token for new tokens. Each is good for one exchange; the server forgives a second one that comes
 * within some seconds, from another tab, and answers it with the same refresh token. Throws a SignInExpired.
 *
 * @param {Tokens} tokens
 * @returns {Promise<Tokens>}
 */
export async function renew({ refresh, signedInAt, renewals }) {
  const server = await discover();
  const response = await oauth.refreshTokenGrantRequest(server, client, authentication, refresh, options);
  try {
    const reply = await oauth.processRefreshTokenResponse(server, client, response);
    return keep(reply, { signedInAt, renewals: renewals + 1 });
  } catch (error) {
    if (error.error === 'invalid_grant') throw new SignInExpired('the refresh token has ended', { cause: error });
    throw error;
  }
}

/**
 * Takes the tokens back (RFC 7009) and leaves the page to sign out of the authorization server too: without that,
 * the next sign-in would not ask for a password.
 *
 * @param {Tokens} tokens
 */
export async function endSignIn({ refresh }) {
  const server = await discover();
  try {
    const response = await oauth.revocationRequest(server, client, authentication, refresh, options);
    await oauth.processRevocationResponse(response);
  } catch (error) {
    // Nobody should stay signed in over this: the tokens are forgotten here, and the server takes them back below too.
    console.warn(error);
  }

  // The metadata need not name this one: signing out is OpenID Connect's (RP-Initiated Logout 1.0), not OAuth's.
  const url = new URL(server.end_session_endpoint);
  url.search = new URLSearchParams({ client_id: client.client_id, post_logout_redirect_uri: signedOutUri });
  location.assign(url);
}

function keep({ access_token: access, refresh_token: refresh, expires_in: lifetime }, age) {
  return { access, refresh, expiresAt: Date.now() + lifetime * 1_000, ...age };
}
