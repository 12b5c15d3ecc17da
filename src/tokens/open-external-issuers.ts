import type { ExternalIssuerConfig } from '../config/external-issuer.ts';
import { BoundedMemory } from '../stores/memory/bounded-memory.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Transport } from '../transport/transport.ts';
import { createExternalIssuer, type ExternalIssuer } from './external-issuer.ts';
import { createKeySetFetcher } from './fetch-key-set.ts';
import { createRemoteKeySet } from './remote-key-set.ts';

/** What external issuers work with. */
export interface ExternalIssuerContext {
  readonly transport: Transport;
  /** Wall clock, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

const verifiedTokenBytes = 8 * 1024 * 1024;

/** Makes the verifiers of the issuers that a configuration names. Nothing is fetched before the first token. */
export function openExternalIssuers(
  list: readonly ExternalIssuerConfig[],
  { transport, now, clock, log }: ExternalIssuerContext,
): ExternalIssuer[] {
  return list.map((settings) => {
    const { issuer, keys } = settings;
    const fetch = createKeySetFetcher({ issuer, keys, transport });
    return createExternalIssuer({
      settings,
      keys: createRemoteKeySet({ issuer, fetch, clock, log }),
      clock: () => now() / 1_000,
      memory: new BoundedMemory({ maxBytes: verifiedTokenBytes, clock: now }),
    });
  });
}
