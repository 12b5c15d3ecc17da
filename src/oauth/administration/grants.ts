import { showValue } from '../../config/decode.ts';
import type { GrantStore, StoredGrant } from '../../stores/grant-store.ts';
import type { EndGrants } from '../end-grants.ts';
import { type Administration, AdministrationError, type GrantView } from './administration.ts';
import { reasonOf } from './withdraw.ts';

/** What {@link administerGrants} needs. */
export interface GrantsOptions {
  readonly store: GrantStore;
  readonly endGrants: Pick<EndGrants, 'one'>;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
}

/** What users allowed clients. */
export function administerGrants({ store, endGrants, clock }: GrantsOptions): Administration['grants'] {
  return {
    async list(filter, page) {
      return (await store.list(filter, page, clock())).map(viewOf);
    },
    async revoke(id, by) {
      if (await endGrants.one(id, reasonOf(by, 'by an operator'))) return;
      throw new AdministrationError('not-found', `there is no live grant ${showValue(id)}`);
    },
  };
}

const viewOf = ({ session: _s, roles: _r, claims: _c, revokedAt: _a, ...grant }: StoredGrant): GrantView => grant;
