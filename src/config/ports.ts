import { isLoopback } from './issuer.ts';
import type { Config } from './schema.ts';
import { type Address, urlHost } from './values.ts';

/** Ports that replace those of the file; 0 lets the system choose. */
export interface PortOverrides {
  readonly port?: number;
  readonly operationsPort?: number;
}

/**
 * The same configuration on other ports. Issuer, audience and redirect URIs that pointed to the public listener follow
 * it; those of another origin, such as a proxy in front, stay. Pure: call it again when port 0 has become a real one.
 */
export function applyPorts(config: Config, { port, operationsPort }: PortOverrides): Config {
  const { public: old, operations, tls } = config.listen;
  const scheme = tls === undefined ? 'http' : 'https';
  const follow = (written: string): string => (port === undefined ? written : movePort(written, scheme, old, port));
  return {
    ...config,
    issuer: follow(config.issuer),
    listen: {
      ...config.listen,
      public: { ...old, port: port ?? old.port },
      operations: { ...operations, port: operationsPort ?? operations.port },
    },
    oauth: {
      ...config.oauth,
      audience: follow(config.oauth.audience),
      clients: config.oauth.clients.map((client) => ({
        ...client,
        redirectUris: client.redirectUris.map(follow),
        postLogoutRedirectUris: client.postLogoutRedirectUris.map(follow),
        origins: client.origins.map(follow),
      })),
    },
  };
}

function movePort(written: string, scheme: 'http' | 'https', listener: Address, port: number): string {
  const url = URL.parse(written);
  const usual = scheme === 'http' ? 80 : 443;
  if (url?.protocol !== `${scheme}:` || Number(url.port || usual) !== listener.port) return written;
  if (!reaches(url.hostname, listener.host)) return written;
  const origin = `${scheme}://${url.hostname}${port === usual ? '' : `:${port}`}`;
  return written.replace(/^[^:]+:\/\/[^/?#]+/, origin);
}

/** Does this host of a URL lead to a listener bound to that host? */
function reaches(host: string, bound: string): boolean {
  const boundHost = urlHost(bound);
  if (host === boundHost) return true;
  return isLoopback(host) && (isLoopback(boundHost) || boundHost === '0.0.0.0' || boundHost === '[::]');
}
