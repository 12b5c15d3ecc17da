import type { PasswordHasher } from './password-hasher.ts';
import { registerUser } from './register-user.ts';
import type { UserStore } from './user-store.ts';

const ada = {
  username: 'ada',
  password: 'demo-only-password',
  email: 'ada@example.com',
  displayName: 'Ada Lovelace',
};
const luis = {
  username: 'luis',
  password: 'demo-only-luis-password',
  email: 'luis@example.com',
  displayName: 'Luis Fernández',
};

/** Registers the demo's two users where they are missing. */
export async function seedUsers(store: UserStore, passwords: PasswordHasher): Promise<void> {
  await Promise.all([
    registerUser(store, passwords, ada, ['support']),
    registerUser(store, passwords, luis, ['sales']),
  ]);
}
