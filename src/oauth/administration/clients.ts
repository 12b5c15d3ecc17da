import * as z from 'zod';
import { toClient } from '../../config/client-rules.ts';
import { showValue } from '../../config/decode.ts';
import { hashSecret } from '../../config/secret-hash.ts';
import { integer } from '../../config/values.ts';
import type { Client } from '../../model/client.ts';
import type { AuditType } from '../../stores/audit-store.ts';
import type { ClientStore, StoredClient } from '../../stores/client-store.ts';
import type { Audit } from '../audit.ts';
import { type Administration, AdministrationError, type ClientView, type Operator } from './administration.ts';
import { checkInput } from './check-input.ts';
import { newClient } from './new-client.ts';
import { reasonOf, type Withdraw } from './withdraw.ts';

/** What {@link administerClients} needs. */
export interface ClientsOptions {
  readonly store: ClientStore;
  /** The clients of the configuration: shown, and never changed here. */
  readonly configured: readonly Client[];
  /** The names of `oauth.scopes`. */
  readonly scopes: readonly string[];
  readonly withdraw: Withdraw;
  readonly audit: Audit;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  /** Makes a secret. */
  readonly createSecret: () => string;
}

/** How long two secrets may work beside each other, in seconds: 30 days. */
export const longestOverlap = 30 * 24 * 3_600;

/** How long the secret before works when nothing else is said, in seconds: 24 hours. */
export const usualOverlap = 24 * 3_600;

const overlapRule = z.object({ overlap: integer(0, longestOverlap) });

/** The clients of the configuration and those of the store. */
export function administerClients(options: ClientsOptions): Administration['clients'] {
  const { store, configured, scopes, withdraw, audit, clock, createSecret } = options;
  const schema = newClient(scopes);
  const now = (): number => Math.floor(clock());
  const view = (client: StoredClient): ClientView => viewOf(client, clock());

  const record = (type: AuditType, clientId: string, by: Operator, detail: string): Promise<void> =>
    audit.record({ type, clientId, ...reasonOf(by, detail) });

  /** One that can be changed here. */
  async function findStored(id: string): Promise<StoredClient> {
    if (configured.some((client) => client.id === id)) {
      throw new AdministrationError(
        'conflict',
        `the client "${id}" is from the configuration: change it under oauth.clients there`,
      );
    }
    return (await store.find(id)) ?? throwMissing(id);
  }

  return {
    async list() {
      const stored = (await store.list()).filter(({ id }) => !configured.some((client) => client.id === id));
      const all = [...configured.map(viewOfConfigured), ...stored.map(view)];
      return all.sort((a, b) => (a.id < b.id ? -1 : 1));
    },

    async find(id) {
      const own = configured.find((client) => client.id === id);
      if (own !== undefined) return viewOfConfigured(own);
      return view((await store.find(id)) ?? throwMissing(id));
    },

    async add(input, by) {
      const members = toClient(checkInput('client', schema, input));
      const { id } = members;
      if (configured.some((client) => client.id === id)) {
        throw new AdministrationError(
          'conflict',
          `the id "${id}" is taken by a client of the configuration: choose another one`,
        );
      }
      const secret = members.type === 'confidential' ? createSecret() : undefined;
      const createdAt = now();
      const secrets = secret === undefined ? [] : [{ hash: hashSecret(secret), createdAt, expiresAt: undefined }];
      const client: StoredClient = { ...members, secrets, disabled: false, createdAt };
      if (!(await store.add(client))) {
        throw new AdministrationError('conflict', `the id "${id}" is taken by another client: choose another one`);
      }
      await record('client.added', id, by, `${client.type}, grants: ${client.grants}, scopes: ${client.scopes}`);
      return { client: view(client), ...(secret !== undefined && { secret }) };
    },

    async rotateSecret(id, overlap, by) {
      checkInput('overlap', overlapRule, { overlap });
      const { type } = await findStored(id);
      if (type === 'public') {
        throw new AdministrationError('conflict', `the client "${id}" is public: it cannot keep a secret and has none`);
      }
      const secret = createSecret();
      const client = await store.rotateSecret(id, hashSecret(secret), now() + overlap, now());
      if (client === undefined) throwMissing(id);
      await record('client.changed', id, by, `new secret; the one before works for ${overlap} s`);
      return { client: view(client), secret };
    },

    async setDisabled(id, disabled, by) {
      await findStored(id);
      const client = (await store.setDisabled(id, disabled)) ?? throwMissing(id);
      if (disabled) await withdraw({ level: 'client', id }, reasonOf(by, 'the client was disabled'));
      await record('client.changed', id, by, disabled ? 'disabled' : 'enabled');
      return view(client);
    },
  };
}

function throwMissing(id: string): never {
  throw new AdministrationError('not-found', `there is no client ${showValue(id)}`);
}

function viewOf({ secrets, createdAt: _, ...client }: StoredClient, now: number): ClientView {
  const live = secrets.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
  return {
    ...client,
    from: 'store',
    secrets: live.map(({ createdAt, expiresAt }) => ({ createdAt, ...(expiresAt !== undefined && { expiresAt }) })),
  };
}

const viewOfConfigured = ({ secretHashes, ...client }: Client): ClientView => ({
  ...client,
  from: 'configuration',
  disabled: false,
  secrets: secretHashes.map(() => ({})),
});
