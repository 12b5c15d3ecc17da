import request from 'supertest';
import { type AuthorizationServer, basic, secrets } from './authorization-server.ts';

/** Sends a form to an endpoint; `credentials` for the Authorization field. */
export function postForm(
  { app }: AuthorizationServer,
  path: string,
  form: Readonly<Record<string, string>> | string,
  credentials?: string,
): request.Test {
  const pending = request(app).post(path).type('form');
  if (credentials !== undefined) pending.set('Authorization', credentials);
  return pending.send(typeof form === 'string' ? form : new URLSearchParams(form).toString());
}

/** The Authorization field of a client with a right secret. */
export const credentialsOf = (id: keyof typeof secrets): string => basic(id, secrets[id]);

/** An access token that the server gives to this client. */
export async function issueToken(server: AuthorizationServer, id: keyof typeof secrets): Promise<string> {
  const { body } = await postForm(server, '/oauth/token', { grant_type: 'client_credentials' }, credentialsOf(id));
  return body.access_token;
}

/** What a token says. */
export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

/** Expects an error by RFC 6749 §5.2 that nobody may store. */
export async function expectOAuthError(
  pending: request.Test,
  status: number,
  error: string,
): Promise<request.Response> {
  const response = await pending;
  expect([response.status, response.body.error]).toEqual([status, error]);
  expect(Object.keys(response.body)).toEqual(['error', 'error_description']);
  expect(response.headers['cache-control']).toBe('no-store');
  return response;
}
