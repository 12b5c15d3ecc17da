import { randomUUID } from 'node:crypto';
import type { PasswordHasher } from './password-hasher.ts';
import type { Registration, User } from './user.ts';
import type { UserStore } from './user-store.ts';

/** Makes an account with a new `sub`; undefined when the name is taken. */
export async function registerUser(
  store: UserStore,
  passwords: PasswordHasher,
  { username, password, email, displayName }: Registration,
  roles: readonly string[] = [],
): Promise<User | undefined> {
  // Hashing is the dear part, so a name that is taken already does not get that far; `add` has the last word.
  if (store.findByName(username)) return undefined;
  const passwordHash = await passwords.hash(password);
  const sub = randomUUID();
  const createdAt = new Date().toISOString();
  const user: User = { sub, username, displayName, email, roles, status: 'active', createdAt };
  return store.add(user, passwordHash) ? user : undefined;
}
