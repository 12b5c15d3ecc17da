import * as z from 'zod';
import { expecting } from '../../config/expecting.ts';
import type { Revocation, RevocationStore } from '../../stores/revocation-store.ts';
import type { Audit } from '../audit.ts';
import type { Administration } from './administration.ts';
import { checkInput } from './check-input.ts';
import { reasonOf, type Withdraw } from './withdraw.ts';

/** What {@link administerRevocations} needs. */
export interface RevocationsOptions {
  readonly store: Pick<RevocationStore, 'live'>;
  readonly withdraw: Withdraw;
  readonly audit: Audit;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
}

const idPhrase = 'what to revoke: a jti, the id of a grant, the sub of a user or the id of a client';

/** What is said about a revocation. */
export const revocation = z.discriminatedUnion(
  'level',
  [
    z.strictObject({
      level: z.enum(['token', 'grant', 'user', 'client']),
      id: z.string(expecting(idPhrase)).min(1, expecting(idPhrase)).max(1_000, expecting('at most 1000 characters')),
    }),
    z.strictObject({ level: z.literal('everything') }),
  ],
  expecting('{ level: token, grant, user or client, id } or { level: everything }'),
);

/** Taking back what is not over. */
export function administerRevocations(options: RevocationsOptions): Administration['revocations'] {
  const { store, withdraw, audit, clock } = options;
  return {
    async revoke(input, by) {
      const checked = checkInput('revocation', revocation, input);
      await withdraw(checked, reasonOf(by, 'by an operator'));
      await audit.record({ type: 'tokens.revoked', ...aboutOf(checked), ...reasonOf(by, detailOf(checked)) });
    },
    async list() {
      const live = await store.live(clock());
      return live.map(({ position: _, ...rest }) => rest);
    },
  };
}

function aboutOf(checked: Revocation): { subject?: string; clientId?: string; grantId?: string } {
  switch (checked.level) {
    case 'user':
      return { subject: checked.id };
    case 'client':
      return { clientId: checked.id };
    case 'grant':
      return { grantId: checked.id };
    default:
      return {};
  }
}

const detailOf = (checked: Revocation): string =>
  checked.level === 'token' ? `token, jti ${checked.id}` : checked.level;
