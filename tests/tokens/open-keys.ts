import { createMemoryKeyStore } from '../../src/stores/memory/memory-key-store.ts';
import { openSigningKeys, type SigningKeys, type SigningKeysOptions } from '../../src/tokens/keys.ts';

/** Signing keys of a test: ES256 in a new store at the beginning of time, and nobody reads the log. */
export const openKeys = (options: Partial<SigningKeysOptions> = {}): Promise<SigningKeys> =>
  openSigningKeys({
    store: createMemoryKeyStore(),
    algorithm: 'ES256',
    clock: () => 0,
    log: { info() {}, error() {} },
    ...options,
  });
