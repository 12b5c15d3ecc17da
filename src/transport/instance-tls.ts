import { Agent } from 'node:https';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { TlsMaterial } from './tls-files.ts';

/** How https instances are recognised, and what they are shown. */
export interface InstanceTls {
  /** Authorities instead of Node's own, and the certificate for those who ask. */
  readonly material: TlsMaterial;
  /** The name that their certificates must carry, instead of the host of the address. */
  readonly serverName?: string | undefined;
  readonly verify: boolean;
}

const usual: InstanceTls = { material: {}, verify: true };

/**
 * Options of a TLS connection to an instance. Name and trust are by its address and the configuration alone: a `Host`
 * that goes through to it has no say.
 * @param host without brackets
 */
export function connectionOptions(host: string, tls: InstanceTls = usual): ConnectionOptions {
  const { ca, ...shown } = tls.material;
  return {
    ...shown,
    ...(ca && { ca: [...ca] }),
    // RFC 6066 §3: an address cannot be such a name.
    servername: tls.serverName ?? (isIP(host) === 0 ? host : ''),
    rejectUnauthorized: tls.verify,
    ALPNProtocols: ['http/1.1'],
  };
}

/** For connections that do not come from the transport: each has the TLS that the transport gives its own. */
export const createTlsAgent = (host: string, tls: InstanceTls | undefined): Agent =>
  new Agent({ ...connectionOptions(host, tls), keepAlive: false });
