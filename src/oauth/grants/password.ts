import type { User } from '../../model/user.ts';
import { resolveAudience } from '../audience.ts';
import { beginGrant } from '../begin-grant.ts';
import { OAuthError } from '../oauth-error.ts';
import { resolveScopes } from '../scopes.ts';
import type { SignInResult } from '../users/sign-in.ts';
import type { Grant } from './grant.ts';
import { permitFirst } from './permit.ts';
import { requireParameter } from './require-parameter.ts';

/**
 * A username and a password that the client asked its user for (RFC 6749 §4.3). Only for clients that belong to whoever
 * runs this server, since they see passwords; RFC 9700 §2.4 advises against it.
 */
export const password: Grant = {
  type: 'password',
  forUsers: true,
  async admit(request, services) {
    const { client, form, address } = request;
    if (client.type !== 'confidential' || !client.firstParty) {
      throw new OAuthError('unauthorized_client', 'The client may not use this grant.');
    }
    const username = requireParameter(form, 'username');
    const secret = requireParameter(form, 'password');
    const requested = resolveScopes(form.get('scope'), client);
    const audience = resolveAudience(form.get('resource'), client, services.audience);

    const { id: clientId } = client;
    const attempt = { username, password: secret, address, clientId, relayedBy: clientId };
    const user = userOf(await services.signIn(attempt));
    // A token of theirs would look like the client's own (RFC 9068 §5).
    if (user.subject === client.id) throw refused('called like the client');
    const scopes = services.allowedScopes(user, requested);
    if (scopes.length === 0 && requested.length > 0) {
      throw new OAuthError('invalid_scope', 'The user may have none of the requested scopes.');
    }

    const { accessTokenLifetime, clock } = services;
    const now = Math.floor(clock());
    const input = { user, client, scopes, audience, session: undefined, authTime: now, accessTokenLifetime, now };
    const grant = beginGrant(input);
    await services.grants.create(grant, undefined, now);
    const { subject } = user;
    await services.audit.record({
      type: 'grant.given',
      actor: subject,
      subject,
      clientId: client.id,
      address,
      grantId: grant.id,
      detail: 'by password',
    });
    return permitFirst(request, services, grant);
  },
};

/** @throws OAuthError where the sign-in came to nothing. */
function userOf(result: SignInResult): User {
  switch (result.outcome) {
    case 'ok':
      return result.user;
    case 'wrong':
    case 'disabled':
      throw refused(result.outcome);
    case 'throttled':
      throw new OAuthError('temporarily_unavailable', 'Too many failed attempts. Try again later.', {
        status: 429,
        headers: { 'Retry-After': String(result.retryAfter) },
      });
    case 'unavailable':
      throw new OAuthError('temporarily_unavailable', 'Passwords cannot be checked now. Try again later.', {
        headers: { 'Retry-After': String(result.retryAfter) },
        cause: 'the user directory is unavailable',
      });
  }
}

const refused = (cause: string): OAuthError =>
  new OAuthError('invalid_grant', 'The username or password is wrong, or the account cannot be used.', { cause });
