import { hash, timingSafeEqual } from 'node:crypto';
import type { Client } from '../model/client.ts';
import type { ClientCredentials } from './client-credentials.ts';
import type { ClientDirectory } from './client-directory.ts';
import { OAuthError } from './oauth-error.ts';

/** A hash that no secret has, in place of those that a client lacks: each check takes the same steps. */
const noHash = Buffer.alloc(32);

/**
 * Finds out which client this is (RFC 6749 §3.2.1). An unknown client, a wrong secret and a way of authentication that
 * the client did not register look alike to the caller; the cause in the error tells the log which it was.
 *
 * @throws OAuthError
 */
export async function authenticateClient(
  credentials: ClientCredentials | undefined,
  directory: Pick<ClientDirectory, 'find'>,
): Promise<Client> {
  if (credentials === undefined) throw clientAuthenticationFailed('no credentials that this server knows');
  const client = await directory.find(credentials.clientId);
  const secretFits = hasSecret(client, credentials.secret);
  if (client === undefined) throw clientAuthenticationFailed('unknown client');
  if (!client.authentication.includes(credentials.method))
    throw clientAuthenticationFailed(`not registered for ${credentials.method}`);
  if (credentials.method !== 'none' && !secretFits) throw clientAuthenticationFailed('wrong secret');
  if (credentials.method === 'none' && client.type !== 'public')
    throw clientAuthenticationFailed('confidential, but without a secret');
  return client;
}

/** Compares with two hashes, always: as many as a client has while its secret is being replaced. */
function hasSecret(client: Client | undefined, secret: string): boolean {
  const digest = hash('sha256', secret, 'buffer');
  const matches = [0, 1].map((slot) => {
    const stored = client?.secretHashes[slot];
    const expected = stored === undefined ? noHash : Buffer.from(stored.slice('sha256:'.length), 'hex');
    return timingSafeEqual(digest, expected) && stored !== undefined;
  });
  return matches.includes(true);
}

/** The one refusal (RFC 6749 §5.2), whatever the `cause` for the log. */
export const clientAuthenticationFailed = (cause: string): OAuthError =>
  new OAuthError('invalid_client', 'Client authentication failed.', {
    headers: { 'WWW-Authenticate': 'Basic realm="oauth", charset="UTF-8"' },
    cause,
  });
