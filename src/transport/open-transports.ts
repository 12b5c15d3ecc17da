import type { Config } from '../config/schema.ts';
import type { ConfigSource } from '../config/source.ts';
import { pointAtFile, readTlsFiles } from './tls-files.ts';
import { createTransport, type Transport, type TransportOptions } from './transport.ts';

/** The transports of a gateway. */
export interface Transports {
  /** For everything without TLS settings of its own. */
  readonly usual: Transport;
  /** For the instances of a service. */
  of(service: string): Transport;
  close(): Promise<void>;
}

/**
 * Opens a transport for each service with TLS settings, and one for all others: connections of the one must never serve
 * the other, even where both lead to the same address.
 *
 * @throws ConfigError when a file of these settings cannot be used.
 */
export async function openTransports(
  services: Config['services'],
  source: ConfigSource,
  options: Omit<TransportOptions, 'tls'>,
): Promise<Transports> {
  const own = new Map<string, Transport>();
  for (const [name, { tls }] of Object.entries(services)) {
    if (tls === undefined) continue;
    const material = await readTlsFiles(tls).catch((error) => {
      throw pointAtFile(error, source, (which) => ['services', name, 'tls', which]);
    });
    const { serverName, verify } = tls;
    own.set(name, createTransport({ ...options, tls: { material, serverName, verify } }));
  }
  const usual = createTransport(options);
  return {
    usual,
    of: (service) => own.get(service) ?? usual,
    close: async () => void (await Promise.all([usual, ...own.values()].map((transport) => transport.close()))),
  };
}
