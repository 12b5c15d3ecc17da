import type { SessionStore } from '../stores/session-store.ts';
import type { Audit } from './audit.ts';
import type { BrowserSessions } from './browser-sessions.ts';
import { OAuthError } from './oauth-error.ts';
import type { UserDirectory } from './users/user-directory.ts';

/** What {@link createUserSessions} needs. */
export interface UserSessionsOptions {
  readonly sessions: Pick<BrowserSessions, 'current'>;
  readonly store: Pick<SessionStore, 'end'>;
  readonly directory: Pick<UserDirectory, 'find'>;
  readonly audit: Audit;
}

/**
 * Sessions for giving something away: with the roles and claims that the directory has by now. The session of a user who
 * is gone ends, and there is none. Rejects with an OAuthError while the directory cannot be asked, and with a StoreError.
 */
export type UserSessions = Pick<BrowserSessions, 'current'>;

/** Sessions last for hours, and what was true at sign-in may be so no more: asks the directory each time. */
export function createUserSessions({ sessions, store, directory, audit }: UserSessionsOptions): UserSessions {
  return {
    async current(req) {
      const session = await sessions.current(req);
      if (session === undefined) return undefined;
      const { id, subject } = session;
      const found = await directory.find(subject);
      switch (found.outcome) {
        case 'ok':
          return { ...session, roles: found.user.roles, claims: found.user.claims };
        case 'unknown':
          return session;
        case 'gone': {
          await store.end(id);
          const address = req.ip !== undefined && { address: req.ip };
          await audit.record({ type: 'user.signed-out', subject, ...address, detail: 'the user is gone or disabled' });
          return undefined;
        }
        case 'unavailable':
          throw new OAuthError('temporarily_unavailable', 'Users cannot be looked up now. Try again later.', {
            headers: { 'Retry-After': String(found.retryAfter) },
            cause: found.reason,
          });
      }
    },
  };
}
