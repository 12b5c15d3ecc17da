/** What the users service needs besides the settings of every service. */
export interface UsersSettings {
  /** What a caller such as the gateway must present. */
  readonly serviceSecret: string;
  readonly seedDemoUsers: boolean;
}

/** Reads SERVICE_SECRET and SEED_DEMO_USERS. Throws an error where they are missing or unfit for production. */
export function readUsersSettings(env: NodeJS.ProcessEnv): UsersSettings {
  const serviceSecret = env.SERVICE_SECRET?.trim();
  const seedDemoUsers = env.SEED_DEMO_USERS === '1';
  const isProduction = env.NODE_ENV === 'production';
  if (!serviceSecret) {
    throw new Error('SERVICE_SECRET is not set; give the secret that the gateway presents, from a random source');
  }
  if (isProduction && serviceSecret.startsWith('demo-only-')) {
    throw new Error('SERVICE_SECRET is a public demo secret; with NODE_ENV=production give one of your own');
  }
  if (isProduction && seedDemoUsers) {
    throw new Error('SEED_DEMO_USERS=1 makes users with public passwords; it is refused with NODE_ENV=production');
  }
  return { serviceSecret, seedDemoUsers };
}
