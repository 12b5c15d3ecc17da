import type { GrantStore } from '../../stores/grant-store.ts';
import type { Revocation } from '../../stores/revocation-store.ts';
import type { SessionStore } from '../../stores/session-store.ts';
import type { Revocations } from '../../tokens/revocation.ts';
import type { EndGrants, Reason } from '../end-grants.ts';
import type { Operator } from './administration.ts';

/** What {@link createWithdraw} needs. */
export interface WithdrawOptions {
  readonly sessions: Pick<SessionStore, 'endAll'>;
  readonly grants: Pick<GrantStore, 'revokeAll'>;
  readonly endGrants: Pick<EndGrants, 'one' | 'all'>;
  readonly revocations: Pick<Revocations, 'revoke'>;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
}

/**
 * Takes back access tokens and what could renew them: the grants of a user, a client or of everybody, and the sessions
 * of a user or of everybody. Resolves when all of it is durable and in force. What failed half-way can be done again.
 */
export type Withdraw = (revocation: Revocation, why: Reason) => Promise<void>;

/** Makes {@link Withdraw}. */
export function createWithdraw({ sessions, grants, endGrants, revocations, clock }: WithdrawOptions): Withdraw {
  return async (revocation, why) => {
    switch (revocation.level) {
      case 'token':
        return revocations.revoke(revocation);
      case 'grant':
        // Access tokens of a grant that is over may still be alive.
        if (!(await endGrants.one(revocation.id, why))) await revocations.revoke(revocation);
        return;
      case 'user':
        await sessions.endAll(revocation.id);
        await revocations.revoke(revocation);
        await endGrants.all({ subject: revocation.id }, why);
        return;
      case 'client':
        // First what is in force for all tokens at once; then each grant, for what is being renewed right now.
        await revocations.revoke(revocation);
        await endGrants.all({ clientId: revocation.id }, why);
        return;
      case 'everything':
        await sessions.endAll();
        await grants.revokeAll({}, clock());
        await revocations.revoke(revocation);
    }
  };
}

/** What the audit is told of an operator's doing. */
export const reasonOf = ({ name, address }: Operator, detail: string): Reason => ({
  actor: name,
  detail,
  ...(address !== undefined && { address }),
});
