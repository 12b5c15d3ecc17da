import { isForeignName } from '../../tokens/foreign-name.ts';
import type { OAuthLog } from '../log.ts';
import type { UserDirectory } from './user-directory.ts';

/** What {@link keepSubjectsApart} needs. */
export interface OwnSubjectsOptions {
  /** Whether a client has this id. Rejects with a StoreError. */
  readonly isClient: (id: string) => Promise<boolean>;
  readonly log: OAuthLog;
}

/**
 * The directory without those users whose subject would pass for somebody else: a client that acts for itself, or a user
 * of another issuer. They cannot sign in until their subject is another one; the log says so.
 */
export function keepSubjectsApart(directory: UserDirectory, { isClient, log }: OwnSubjectsOptions): UserDirectory {
  const checked = async <T extends { readonly outcome: string }>(answer: T) => {
    const { user } = answer as { user?: { subject: string } };
    if (user === undefined) return answer;
    const { subject } = user;
    const other = isForeignName(subject) ? 'of another issuer' : (await isClient(subject)) ? 'of a client' : undefined;
    if (other === undefined) return answer;
    const reason = `the sub of a user is the name ${other}`;
    log.error(`A user cannot sign in: ${reason}. Give that user another sub, or the client another id.`, { subject });
    return { outcome: 'unavailable', retryAfter: 60, reason } as const;
  };
  return {
    authenticate: async (username, password) => checked(await directory.authenticate(username, password)),
    find: async (subject) => checked(await directory.find(subject)),
  };
}
