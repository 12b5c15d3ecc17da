import type { AuditEvent } from '../stores/audit-store.ts';
import type { GrantFilter, GrantStore, StoredGrant } from '../stores/grant-store.ts';
import type { Revocations } from '../tokens/revocation.ts';
import type { Audit } from './audit.ts';

/** What {@link createEndGrants} needs. */
export interface EndGrantsOptions {
  readonly grants: GrantStore;
  readonly revocations: Pick<Revocations, 'revoke'>;
  readonly audit: Audit;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
}

/** Who ends a grant, from where, and why: for the audit. */
export type Reason = Pick<AuditEvent, 'actor' | 'address' | 'detail'>;

/**
 * Ends grants with everything that came of them: refresh tokens in the store, access tokens at the gateway. When a verb
 * resolves, that is durable and in force. They reject with a StoreError.
 */
export interface EndGrants {
  /** False when there is no such grant. */
  one(id: string, why: Reason): Promise<boolean>;
  /** Says how many there were. */
  all(filter: GrantFilter, why: Reason): Promise<number>;
  /** One that the store has revoked already, because a code or refresh token of it came a second time. */
  abused(grant: StoredGrant, why: Reason): Promise<void>;
}

/** The one way in which grants end before their time. */
export function createEndGrants({ grants, revocations, audit, clock }: EndGrantsOptions): EndGrants {
  async function finish(type: 'grant.revoked' | 'grant.abused', grant: StoredGrant, why: Reason): Promise<void> {
    await revocations.revoke({ level: 'grant', id: grant.id });
    const { id: grantId, subject, clientId } = grant;
    await audit.record({ type, subject, clientId, grantId, ...why });
  }

  return {
    async one(id, why) {
      const grant = await grants.find(id, clock());
      if (grant === undefined) return false;
      await grants.revoke(id, clock());
      // Also for one that is revoked: whoever did that may have failed before the gateway knew.
      await finish('grant.revoked', grant, why);
      return true;
    },
    async all(filter, why) {
      const ended = await grants.revokeAll(filter, clock());
      await Promise.all(ended.map((grant) => finish('grant.revoked', grant, why)));
      return ended.length;
    },
    abused: (grant, why) => finish('grant.abused', grant, why),
  };
}
