// Calling the API: what the access token is for.

/** @import { Session } from './session.js' */

/**
 * Reads something that needs no token.
 *
 * @param {string} path
 */
export async function read(path) {
  return take(await fetch(path));
}

/**
 * Reads something for the user. A token that the gateway does not accept any more, though it looked good, is refreshed
 * once. Throws a SignInExpired where that is over too.
 *
 * @param {Session} session
 * @param {string} path
 */
export async function readAs(session, path) {
  const ask = (token) => fetch(path, { headers: { Authorization: `Bearer ${token}` } });
  const response = await ask(await session.accessToken());
  return take(response.status === 401 ? await ask((await session.refresh()).access) : response);
}

/** The body, and which instance behind the gateway it comes from. Throws what a problem says (RFC 9457). */
async function take(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.detail ?? body.title ?? `The server answered ${response.status}.`);
  return { ...body, instance: response.headers.get('X-Instance') };
}
