import { aboutRoutes } from '../service/about.ts';
import { openDatabase } from '../service/database.ts';
import { runService } from '../service/run-service.ts';
import { createPasswordHasher } from './password-hasher.ts';
import { userRoutes } from './routes.ts';
import { seedUsers } from './seed-users.ts';
import { requireServiceCredential } from './service-credential.ts';
import { addSignInEmails, createUsers, UserStore } from './user-store.ts';
import { readUsersSettings } from './users-settings.ts';

await runService('users', async ({ instance, database }, env) => {
  const { serviceSecret, seedDemoUsers } = readUsersSettings(env);
  process.umask(0o077); // The file holds password hashes: it is for this user's eyes alone.
  const db = openDatabase(database, createUsers, addSignInEmails);
  const store = new UserStore(db);
  const passwords = createPasswordHasher({ atOnce: 2, waitingAtMost: 16 });
  if (seedDemoUsers) await seedUsers(store, passwords);
  return {
    routes: {
      ...userRoutes(store, passwords, requireServiceCredential(serviceSecret)),
      ...aboutRoutes(instance, db, new URL('openapi.json', import.meta.url)),
    },
    close: () => db.close(),
  };
});
