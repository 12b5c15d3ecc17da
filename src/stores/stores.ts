import type { KeyStore } from './key-store.ts';
import type { RevocationStore } from './revocation-store.ts';

/** Everything that outlives a request: one narrow contract for each kind of thing. Verbs reject with a StoreError. */
export interface Stores {
  readonly keys: KeyStore;
  readonly revocations: RevocationStore;
  /** Finishes what was begun, then lets go of files and threads. May be called twice. */
  close(): Promise<void>;
}
