import type { Principal } from '../model/principal.ts';
import type { Revocation, RevocationStore, StoredRevocation } from '../stores/revocation-store.ts';
import { StoreError } from '../stores/store-error.ts';

/** What {@link loadRevocations} needs. */
export interface RevocationOptions {
  readonly store: RevocationStore;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  /**
   * How many tokens, and how many grants, may be revoked one by one within the life of a token. Default 250,000 of
   * each: some 80 MB.
   */
  readonly capacity?: number;
}

/** What was taken back before its time. */
export interface Revocations {
  /** The position of the last revocation. New tokens carry it: those that a later one concerns have a lower number. */
  readonly epoch: number;
  /** Is this token revoked? A few look-ups in memory, for every request. */
  covers(principal: Principal): boolean;
  /**
   * Revokes what there is now; tokens issued from then on are good, except those of the same grant: it is over. When it
   * resolves, the revocation is durable and in force. Rejects with a StoreError, and is not in force, when it cannot be
   * kept.
   */
  revoke(revocation: Revocation): Promise<void>;
  /** Calls the listener whenever one more revocation is in force, until the function that comes back is called. */
  subscribe(listener: () => void): () => void;
}

type Kept = Pick<StoredRevocation, 'position' | 'until'>;

/** How long a revocation matters, in seconds: as long as an access token may live (15 min) and clocks may differ. */
const lifetime = 15 * 60 + 30;

/** Brings back the revocations that are in force, and keeps them in memory from then on. Rejects with a StoreError. */
export async function loadRevocations({ store, clock, capacity = 250_000 }: RevocationOptions): Promise<Revocations> {
  const levels = {
    token: new Map<string, Kept>(),
    grant: new Map<string, Kept>(),
    user: new Map<string, Kept>(),
    client: new Map<string, Kept>(),
    everything: new Map<string, Kept>(),
  };
  const listeners = new Set<() => void>();
  let epoch = 0;

  function enter(revocation: StoredRevocation): void {
    const { level, position, until } = revocation;
    const entries = levels[level];
    const id = idOf(revocation);
    // All last equally long, so the order of insertion is the order in which they end.
    entries.delete(id);
    entries.set(id, { position, until });
    epoch = Math.max(epoch, position);
  }

  function forgetOver(entries: Map<string, Kept>): void {
    for (const [id, { until }] of entries) {
      if (until > clock()) return;
      entries.delete(id);
    }
  }

  /** Was a token of this epoch issued before everything of this level and id was revoked? */
  function precedes(issued: number, revoked: Kept | undefined): boolean {
    return revoked !== undefined && issued < revoked.position && revoked.until > clock();
  }

  for (const revocation of await store.live(clock())) enter(revocation);

  return {
    get epoch() {
      return epoch;
    },
    covers({ tokenId, grantId, subject, clientId, claims }) {
      if (levels.token.has(tokenId)) return true;
      const issued = (claims.epoch as number | undefined) ?? 0;
      // Without a grant the subject is a service: no user of its name has a say in its tokens.
      if (grantId !== undefined) {
        if (levels.grant.has(grantId) || precedes(issued, levels.user.get(subject))) return true;
      }
      return precedes(issued, levels.client.get(clientId)) || precedes(issued, levels.everything.get(''));
    },
    async revoke(revocation) {
      for (const entries of Object.values(levels)) forgetOver(entries);
      const { level } = revocation;
      if ((level === 'token' || level === 'grant') && levels[level].size >= capacity) {
        throw new StoreError(
          `${capacity} ${level}s have been revoked one by one within ${lifetime} s; no more can be remembered. ` +
            'See in the log which client does this, and revoke all of its tokens at once.',
        );
      }
      const now = clock();
      enter(await store.append(revocation, Math.ceil(now) + lifetime, now));
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const idOf = (revocation: Revocation): string => (revocation.level === 'everything' ? '' : revocation.id);
