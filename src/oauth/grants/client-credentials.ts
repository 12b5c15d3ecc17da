import { resolveAudience } from '../audience.ts';
import { OAuthError } from '../oauth-error.ts';
import { resolveScopes } from '../scopes.ts';
import type { Grant } from './grant.ts';

/**
 * A service that acts for itself (RFC 6749 §4.4): confidential clients only, no refresh token. Its subject is its own
 * client id, which is how verifiers tell it from a user (RFC 9068 §2.2).
 */
export const clientCredentials: Grant = {
  type: 'client_credentials',
  forUsers: false,
  async admit({ client, form }, { audience }) {
    if (client.type !== 'confidential') {
      throw new OAuthError('unauthorized_client', 'Only a client that can keep a secret may use this grant.');
    }
    return {
      user: { subject: client.id, roles: client.roles, claims: client.claims },
      scopes: resolveScopes(form.get('scope'), client),
      audience: resolveAudience(form.get('resource'), client, audience),
      grant: undefined,
      confirm: async () => true,
    };
  },
};
