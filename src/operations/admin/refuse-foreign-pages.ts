import type { Request, RequestHandler } from 'express';
import { isLoopback } from '../../config/issuer.ts';
import { urlHost } from '../../config/values.ts';
import { AdminError } from './admin-error.ts';

/**
 * Refuses what a web page could have sent that an operator looks at. A name that is not ours means that somebody made
 * their own name lead here (DNS rebinding); a foreign `Origin` or `Sec-Fetch-Site` (Fetch Metadata) says it outright.
 *
 * @param hosts names and addresses of the listener beside loopback, without port
 */
export function refuseForeignPages(hosts: readonly string[]): RequestHandler {
  const known = new Set(hosts.map(bare));
  return (request, _response, next) => {
    const host = readHost(request);
    if (!isOurs(host.name, known, request)) throw new AdminError('ADMIN_WRONG_HOST');
    const { origin = [], 'sec-fetch-site': sites = [] } = request.headersDistinct;
    const own = [`http://${host.written}`, `https://${host.written}`];
    const isForeign = origin.some((one) => !own.includes(one.toLowerCase()));
    if (isForeign || sites.some((site) => site !== 'same-origin' && site !== 'none')) {
      throw new AdminError('ADMIN_CROSS_SITE');
    }
    next();
  };
}

const hostForm = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?$/;

function readHost({ headersDistinct, originalUrl }: Request): { readonly name: string; readonly written: string } {
  const hosts = headersDistinct.host ?? [];
  const written = (hosts[0] ?? '').toLowerCase();
  const name = hostForm.exec(written)?.[1];
  // A target in absolute form names a host of its own, which would count instead (RFC 9112 §3.2.2).
  if (hosts.length !== 1 || name === undefined || !originalUrl.startsWith('/')) {
    throw new AdminError('ADMIN_WRONG_HOST', { detail: 'The request needs exactly one valid Host.' });
  }
  return { name: bare(name), written };
}

/** The address that the connection came in at is ours whatever it is, and no name can be made to look like it. */
function isOurs(name: string, known: ReadonlySet<string>, { socket }: Request): boolean {
  const here = (socket.localAddress ?? '').replace(/^::ffff:/, '');
  return isLoopback(urlHost(name)) || known.has(name) || name === here;
}

const bare = (host: string): string => host.toLowerCase().replace(/^\[|\]$/g, '');
