import type { Authority } from './authority.ts';
import type { Config } from './config/schema.ts';
import type { Principal } from './model/principal.ts';
import { createOAuth, type OAuth, type UsersOptions } from './oauth/index.ts';
import { loadPageAssets } from './oauth/pages/assets.ts';
import { createSignIn } from './oauth/users/create-sign-in.ts';
import { createUserDirectory } from './oauth/users/create-user-directory.ts';
import { BoundedMemory } from './stores/memory/bounded-memory.ts';
import type { Stores } from './stores/stores.ts';
import type { Logger } from './telemetry/logger.ts';
import { createTokenVerifier } from './tokens/verify.ts';
import type { Transport } from './transport/transport.ts';

/** Memory for the tokens that clients ask about. */
const verifiedTokenBytes = 1024 * 1024;

/** What the authorization server works with. */
export interface ServerParts {
  readonly authority: Authority;
  readonly stores: Stores;
  readonly transport: Transport;
  readonly log: Logger;
  /** Wall clock, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
}

/** Puts the authorization server together: pages, grants and tokens. Rejects with a ConfigError for a logo that cannot be used. */
export async function openAuthorizationServer(config: Config, parts: ServerParts): Promise<OAuth> {
  const { authority, stores, log, now } = parts;
  const { keys, revocations } = authority;
  const seconds = (): number => now() / 1000;
  const memory = new BoundedMemory<Principal>({ maxBytes: verifiedTokenBytes, clock: now });
  return createOAuth({
    ...authority,
    issuer: config.issuer,
    audience: config.oauth.audience,
    scopes: config.oauth.scopes,
    stores,
    // Tokens for other resources are taken back and looked into here, too.
    verifier: createTokenVerifier({
      issuer: config.issuer,
      audience: undefined,
      keys,
      revocations,
      clock: seconds,
      memory,
    }),
    users: await openUsers(config.oauth, parts),
    accessTokenLifetime: config.oauth.accessTokenLifetime,
    clock: seconds,
    log,
  });
}

async function openUsers(settings: Config['oauth'], parts: ServerParts): Promise<UsersOptions | undefined> {
  const { users, pages, sessions } = settings;
  if (users === undefined) return undefined;
  const { authority, stores, transport, log } = parts;
  const { audit, clients, hasher } = authority;
  // Waiting times must not depend on somebody who sets the clock.
  const clock = (): number => parts.clock() / 1000;
  const isClient = clients.isTaken;
  const directory = createUserDirectory(users, { transport, users: stores.users, hasher, isClient, clock, log });
  return {
    directory,
    signIn: createSignIn({ directory, audit, clock, log }),
    restricted: users.scopes,
    sessions,
    pages: { name: pages.name, assets: await loadPageAssets(pages) },
  };
}
