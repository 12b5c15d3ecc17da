import type { Request, Response } from 'express';
import type { Client } from '../model/client.ts';
import type { ClientDirectory } from './client-directory.ts';
import type { Endpoint } from './endpoint.ts';
import type { OAuthLog } from './log.ts';
import { sendError } from './send-error.ts';

/** How long a browser may go by the answer to a preflight, in seconds. */
const maxAge = '600';

const allowOrigin = 'Access-Control-Allow-Origin';
const exposeHeaders = 'Access-Control-Expose-Headers';

/**
 * An endpoint that scripts may use, from the origins that clients name and no others (draft-ietf-oauth-browser-based-apps
 * §6.3.2): compared as they are, without credentials of the browser. Errors, too, can be read; once it is known which
 * client is asking, {@link narrowOrigin} leaves only its own origins.
 */
export function forScripts(
  endpoint: Endpoint,
  clients: Pick<ClientDirectory, 'allowsOrigin'>,
  log: OAuthLog,
): Endpoint {
  const methods = [...endpoint.methods, 'OPTIONS'];

  async function admitOrigin(req: Request, res: Response): Promise<void> {
    res.vary('Origin');
    const { origin } = req.headers;
    if (origin === undefined || origin === 'null' || !(await clients.allowsOrigin(origin))) return;
    res.set({ [allowOrigin]: origin, [exposeHeaders]: 'WWW-Authenticate, Retry-After' });
  }

  return {
    methods,
    async handle(req, res) {
      try {
        await admitOrigin(req, res);
      } catch (error) {
        return sendError(res, error, log);
      }
      if (req.method !== 'OPTIONS') return endpoint.handle(req, res);
      res.set({ Allow: methods.join(', '), 'Cache-Control': 'no-store' });
      if (res.hasHeader(allowOrigin)) {
        res.set({
          'Access-Control-Allow-Methods': 'POST',
          'Access-Control-Allow-Headers': 'Authorization, Content-Type',
          'Access-Control-Max-Age': maxAge,
        });
      }
      res.status(204).end();
    },
  };
}

/** The client is known: from now on the scripts of other clients may not read the answer. */
export function narrowOrigin(req: Request, { origins }: Client): void {
  if (origins.includes(req.headers.origin ?? '')) return;
  for (const name of [allowOrigin, exposeHeaders]) req.res?.removeHeader(name);
}
