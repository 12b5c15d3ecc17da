import type { Config } from './config/schema.ts';
import type { Administration } from './oauth/administration/administration.ts';
import { createAdministration } from './oauth/administration/create-administration.ts';
import { type Audit, createAudit } from './oauth/audit.ts';
import { type ClientDirectory, createClientDirectory, refuseTakenIds } from './oauth/client-directory.ts';
import { createEndGrants, type EndGrants } from './oauth/end-grants.ts';
import { createPasswordHasher, type PasswordHasher } from './oauth/users/password-hasher.ts';
import type { Stores } from './stores/stores.ts';
import type { Logger } from './telemetry/logger.ts';
import { openSigningKeys, type SigningKeys } from './tokens/keys.ts';
import { loadRevocations, type Revocations } from './tokens/revocation.ts';

/** What {@link openAuthority} needs. */
export interface AuthorityOptions {
  readonly config: Pick<Config, 'oauth' | 'audit'>;
  readonly stores: Stores;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  readonly log: Pick<Logger, 'info' | 'error'>;
  /** Whether this process is the one that rotates keys on schedule. */
  readonly keepsSchedule: boolean;
}

/** Everything that says who may do what, whether or not anybody is served. */
export interface Authority {
  readonly keys: SigningKeys;
  readonly revocations: Revocations;
  readonly clients: ClientDirectory;
  readonly audit: Audit;
  readonly endGrants: EndGrants;
  readonly hasher: PasswordHasher;
  readonly administration: Administration;
  /** Ends what goes on by itself; the stores stay open. */
  close(): Promise<void>;
}

/** Opens what is in the stores: for a gateway, and for the command line where none runs. Rejects with a StoreError. */
export async function openAuthority(options: AuthorityOptions): Promise<Authority> {
  const { config, stores, clock, log, keepsSchedule } = options;
  const { clients: configured, keys: settings, scopes, signing: algorithm, users } = config.oauth;
  await refuseTakenIds(configured, stores.clients);
  const revocations = await loadRevocations({ store: stores.revocations, clock });
  const keys = await openSigningKeys({
    store: stores.keys,
    algorithm,
    clock,
    log,
    encryptionKey: settings.encryptionKey,
    rotateEvery: keepsSchedule ? settings.rotateEvery : undefined,
  });
  const audit = createAudit({ store: stores.audit, keep: config.audit.events, clock });
  const shared = {
    keys,
    revocations,
    audit,
    endGrants: createEndGrants({ grants: stores.grants, revocations, audit, clock }),
    hasher: createPasswordHasher(),
  };
  return {
    ...shared,
    clients: createClientDirectory({ configured, store: stores.clients, clock }),
    administration: createAdministration({
      ...shared,
      stores,
      clients: configured,
      scopes: Object.keys(scopes),
      users,
      clock,
    }),
    close: () => keys.close(),
  };
}
