import type { UsersConfig } from '../../config/users.ts';
import type { UserStore } from '../../stores/user-store.ts';
import type { Transport } from '../../transport/transport.ts';
import type { OAuthLog } from '../log.ts';
import { createEmbeddedDirectory } from './embedded-directory.ts';
import { createHttpDirectory } from './http-directory.ts';
import { keepSubjectsApart } from './keep-subjects-apart.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { UserDirectory } from './user-directory.ts';

/** What the directories are made of. */
export interface UserDirectoryParts {
  readonly transport: Transport;
  readonly users: UserStore;
  readonly hasher: PasswordHasher;
  /** Whether a client has this id. Rejects with a StoreError. */
  readonly isClient: (id: string) => Promise<boolean>;
  /** Seconds on a clock that never goes back. */
  readonly clock: () => number;
  readonly log: OAuthLog;
}

/** The directory that the configuration chooses. */
export function createUserDirectory(config: UsersConfig, parts: UserDirectoryParts): UserDirectory {
  const { transport, users, hasher, isClient, clock, log } = parts;
  const directory =
    config.use === 'http'
      ? createHttpDirectory({ config, transport, clock, log })
      : createEmbeddedDirectory({ users, hasher, mapping: config });
  return keepSubjectsApart(directory, { isClient, log });
}
