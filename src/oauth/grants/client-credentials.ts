import { OAuthError } from '../oauth-error.ts';
import type { Grant } from './grant.ts';

/**
 * A service that acts for itself (RFC 6749 §4.4): confidential clients only, no refresh token. Its subject is its own
 * client id, which is how verifiers tell it from a user (RFC 9068 §2.2).
 */
export const clientCredentials: Grant = {
  type: 'client_credentials',
  async resolveSubject({ client }) {
    if (client.type !== 'confidential') {
      throw new OAuthError('unauthorized_client', 'Only a client that can keep a secret may use this grant.');
    }
    return { id: client.id, roles: client.roles, claims: client.claims };
  },
};
