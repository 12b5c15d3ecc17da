import type { StoredUser, UserStore } from '../../stores/user-store.ts';
import { HasherBusyError, type PasswordHasher } from './password-hasher.ts';
import { toUser, type UserMapping } from './to-user.ts';
import type { Authentication, Lookup, UserDirectory } from './user-directory.ts';

/** What {@link createEmbeddedDirectory} needs. */
export interface EmbeddedDirectoryOptions {
  readonly users: UserStore;
  readonly hasher: PasswordHasher;
  readonly mapping: UserMapping;
}

/**
 * The users of the store. Beside their own attributes, `roles`, `username` and `preferred_username` can be mapped. A
 * password whose hash was made at another cost is hashed anew when it has just been right.
 */
export function createEmbeddedDirectory({ users, hasher, mapping }: EmbeddedDirectoryOptions): UserDirectory {
  async function rehash(user: StoredUser, password: string): Promise<void> {
    // Not where somebody has set another password meanwhile: that one holds.
    await users.replaceHash(user.id, user.passwordHash, await hasher.hash(password));
  }

  return {
    async authenticate(username, password): Promise<Authentication> {
      const found = await users.findByUsername(username);
      const checked = await hasher.verify(password, found?.passwordHash).catch(unlessBusy);
      if (checked instanceof HasherBusyError) {
        return { outcome: 'unavailable', retryAfter: checked.retryAfter, reason: checked.message };
      }
      if (!checked || found === undefined) return { outcome: 'wrong' };
      // Only after the password: who does not know it learns nothing of the account.
      if (found.disabled) return { outcome: 'disabled' };
      // When there is no time for it now, the next sign-in will do.
      if (hasher.needsRehash(found.passwordHash)) await rehash(found, password).catch(unlessBusy);
      return describe(found, mapping);
    },

    async find(subject): Promise<Lookup> {
      const found = await users.find(subject);
      return found === undefined || found.disabled ? { outcome: 'gone' } : describe(found, mapping);
    },
  };
}

function unlessBusy(error: unknown): HasherBusyError {
  if (error instanceof HasherBusyError) return error;
  throw error;
}

function describe(
  { id, username, roles, attributes }: StoredUser,
  mapping: UserMapping,
): Extract<Lookup, { outcome: 'ok' | 'unavailable' }> {
  try {
    const all = { ...attributes, roles, username, preferred_username: username };
    return { outcome: 'ok', user: toUser(id, all, mapping) };
  } catch (error) {
    return { outcome: 'unavailable', retryAfter: 60, reason: `the user ${id}: ${(error as Error).message}` };
  }
}
