import { randomBytes, randomUUID } from 'node:crypto';
import type { UsersConfig } from '../../config/users.ts';
import type { Client } from '../../model/client.ts';
import type { Stores } from '../../stores/stores.ts';
import type { SigningKeys } from '../../tokens/keys.ts';
import type { Revocations } from '../../tokens/revocation.ts';
import type { Audit } from '../audit.ts';
import type { EndGrants } from '../end-grants.ts';
import type { PasswordHasher } from '../users/password-hasher.ts';
import type { Administration } from './administration.ts';
import { administerClients } from './clients.ts';
import { administerGrants } from './grants.ts';
import { administerKeys } from './keys.ts';
import { administerRevocations } from './revocations.ts';
import { administerUsers } from './users.ts';
import { createWithdraw } from './withdraw.ts';

/** What {@link createAdministration} needs. */
export interface AdministrationOptions {
  readonly stores: Pick<Stores, 'clients' | 'users' | 'grants' | 'sessions' | 'revocations' | 'audit'>;
  /** The clients of the configuration. */
  readonly clients: readonly Client[];
  /** The names of `oauth.scopes`. */
  readonly scopes: readonly string[];
  /** `oauth.users`. */
  readonly users: UsersConfig | undefined;
  readonly endGrants: Pick<EndGrants, 'one' | 'all'>;
  readonly revocations: Pick<Revocations, 'revoke'>;
  readonly keys: Pick<SigningKeys, 'list' | 'rotate' | 'drop'>;
  readonly hasher: Pick<PasswordHasher, 'hash'>;
  readonly audit: Audit;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  /** Makes the id of a user. Default: a random UUID. */
  readonly createId?: () => string;
  /** Makes the secret of a client. Default: 32 random bytes, base64url. */
  readonly createSecret?: () => string;
}

const makeSecret = (): string => randomBytes(32).toString('base64url');

/** What operators can do, over the stores. */
export function createAdministration(options: AdministrationOptions): Administration {
  const { stores, endGrants, audit, clock, createId = randomUUID, createSecret = makeSecret } = options;
  const withdraw = createWithdraw({ ...options, sessions: stores.sessions, grants: stores.grants });
  const shared = { withdraw, audit, clock };
  return {
    clients: administerClients({
      ...shared,
      store: stores.clients,
      configured: options.clients,
      scopes: options.scopes,
      createSecret,
    }),
    users: administerUsers({
      ...shared,
      store: stores.users,
      config: options.users,
      hasher: options.hasher,
      createId,
    }),
    grants: administerGrants({ store: stores.grants, endGrants, clock }),
    revocations: administerRevocations({ ...shared, store: stores.revocations }),
    keys: administerKeys({ keys: options.keys, audit }),
    audit: { query: (filter, page) => stores.audit.query(filter, page) },
  };
}
