import type { Client } from '../model/client.ts';
import { OAuthError } from './oauth-error.ts';

/**
 * What a token will be for (RFC 8707 §2): the usual audience, or one of the client's resources if it asks for that.
 *
 * @throws OAuthError
 */
export function resolveAudience(requested: string | undefined, client: Client, usual: string): string {
  if (requested === undefined || requested === usual) return usual;
  if (!client.resources.includes(requested)) {
    throw new OAuthError('invalid_target', 'The requested resource is unknown or not allowed for this client.');
  }
  return requested;
}
