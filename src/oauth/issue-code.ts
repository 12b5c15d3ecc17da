import type { User } from '../model/user.ts';
import type { GrantStore } from '../stores/grant-store.ts';
import type { StoredSession } from '../stores/session-store.ts';
import type { OpaqueTokens } from '../tokens/opaque-tokens.ts';
import type { Audit } from './audit.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { RedirectError, responseUrl } from './authorization-response.ts';
import { beginGrant } from './begin-grant.ts';
import { OAuthError } from './oauth-error.ts';

/** Leaves out the scopes that a user's roles do not allow. */
export type AllowedScopes = (user: Pick<User, 'roles'>, scopes: readonly string[]) => readonly string[];

/** What {@link createIssueCode} needs. */
export interface IssueCodeOptions {
  readonly issuer: string;
  readonly grants: Pick<GrantStore, 'create'>;
  readonly opaqueTokens: OpaqueTokens;
  readonly allowedScopes: AllowedScopes;
  readonly audit: Audit;
  /** Seconds. */
  readonly accessTokenLifetime: number;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
}

/**
 * Gives the client a code for a user who is signed in and agreed to these scopes, and says where to send the browser
 * with it (303). Rejects with a RedirectError or a StoreError.
 */
export type IssueCode = (
  request: AuthorizationRequest,
  session: StoredSession,
  scopes: readonly string[],
) => Promise<string>;

/** RFC 6749 §4.1.2 asks for ten minutes at most; a redirect takes seconds. */
const codeLifetime = 60;

/** RFC 6749 §4.1.2. */
export function createIssueCode(options: IssueCodeOptions): IssueCode {
  const { issuer, grants, opaqueTokens, allowedScopes, audit, accessTokenLifetime, clock } = options;

  return async (request, session, scopes) => {
    const { client, audience, codeChallenge, redirectUriSent } = request;
    const allowed = allowedScopes(session, scopes);
    const refuse = (description: string) => new RedirectError(request, new OAuthError('access_denied', description));
    // A token of theirs would look like the client's own (RFC 9068 §5).
    if (session.subject === client.id) throw refuse('This user may not use this client.');
    if (allowed.length === 0 && scopes.length > 0) throw refuse('The user may have none of the requested scopes.');

    const now = Math.floor(clock());
    const grant = beginGrant({
      user: session,
      client,
      scopes: allowed,
      audience,
      session: session.visit,
      authTime: session.authTime,
      accessTokenLifetime: codeLifetime + accessTokenLifetime,
      now,
    });
    const { id, token } = opaqueTokens.make('code');
    const code = { id, grantId: grant.id, redirectUri: redirectUriSent, codeChallenge, expiresAt: now + codeLifetime };
    await grants.create(grant, code, now);
    const { subject } = session;
    await audit.record({ type: 'grant.given', actor: subject, subject, clientId: client.id, grantId: grant.id });
    return responseUrl(request, { code: token }, issuer);
  };
}
