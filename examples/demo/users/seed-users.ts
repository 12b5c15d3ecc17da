import type { PasswordHasher } from './password-hasher.ts';
import { registerUser } from './register-user.ts';
import type { UserStore } from './user-store.ts';

const ana = {
  username: 'ana',
  password: 'demo-only-ana-password',
  email: 'ana@example.com',
  displayName: 'Ana Quispe',
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
    registerUser(store, passwords, ana, ['support']),
    registerUser(store, passwords, luis, ['sales']),
  ]);
}
