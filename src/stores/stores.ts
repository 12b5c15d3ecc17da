import type { AuditStore } from './audit-store.ts';
import type { ClientStore } from './client-store.ts';
import type { ConsentStore } from './consent-store.ts';
import type { GrantStore } from './grant-store.ts';
import type { InteractionStore } from './interaction-store.ts';
import type { KeyStore } from './key-store.ts';
import type { RevocationStore } from './revocation-store.ts';
import type { SessionStore } from './session-store.ts';
import type { UserStore } from './user-store.ts';

/** Everything that outlives a request: one narrow contract for each kind of thing. Verbs reject with a StoreError. */
export interface Stores {
  readonly keys: KeyStore;
  readonly revocations: RevocationStore;
  readonly clients: ClientStore;
  readonly grants: GrantStore;
  readonly sessions: SessionStore;
  readonly interactions: InteractionStore;
  readonly consents: ConsentStore;
  readonly users: UserStore;
  readonly audit: AuditStore;
  /** Finishes what was begun, then lets go of files and threads. May be called twice. */
  close(): Promise<void>;
}
