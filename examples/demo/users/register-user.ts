import { randomUUID } from 'node:crypto';
import type { PasswordHasher } from './password-hasher.ts';
import type { Registration, User } from './user.ts';
import type { Taken, UserStore } from './user-store.ts';

/** Makes an account with a new `sub`, or tells what of it is taken. */
export async function registerUser(
  store: UserStore,
  passwords: PasswordHasher,
  { username, password, email, displayName }: Registration,
  roles: readonly string[] = [],
): Promise<User | Taken> {
  // Hashing is the dear part, so what is taken already does not get that far; `add` has the last word.
  const taken = store.findTaken({ username, email });
  if (taken) return taken;
  const passwordHash = await passwords.hash(password);
  const sub = randomUUID();
  const createdAt = new Date().toISOString();
  const user: User = { sub, username, displayName, email, roles, status: 'active', createdAt };
  return store.add(user, passwordHash) ?? user;
}
