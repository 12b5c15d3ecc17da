import type { ConsentStore } from '../stores/consent-store.ts';
import type { StoredSession } from '../stores/session-store.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import type { AllowedScopes } from './issue-code.ts';

/** What {@link createScopesToAsk} needs. */
export interface ScopesToAskOptions {
  readonly consents: Pick<ConsentStore, 'find'>;
  readonly allowedScopes: AllowedScopes;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
}

/**
 * The scopes that the user has yet to allow the client; undefined when nobody needs to be asked. A page that asks for
 * no scope at all is possible: then it is only about signing in. Rejects with a StoreError.
 */
export type ScopesToAsk = (
  request: AuthorizationRequest,
  session: StoredSession,
) => Promise<readonly string[] | undefined>;

/** Asks for what was not allowed before; a native client, which anyone could pretend to be, each time (RFC 8252 §8.6). */
export function createScopesToAsk({ consents, allowedScopes, clock }: ScopesToAskOptions): ScopesToAsk {
  return async ({ client, scopes }, session) => {
    const possible = allowedScopes(session, scopes);
    if (client.application === 'native') return possible;
    if (client.firstParty) return undefined;
    const given = await consents.find(session.subject, client.id, clock());
    const missing = possible.filter((scope) => !given.includes(scope));
    return missing.length === 0 && given.length > 0 ? undefined : missing;
  };
}
