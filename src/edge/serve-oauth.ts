import type { RequestHandler } from 'express';
import { exchangeOf } from '../model/exchange.ts';
import type { OAuth } from '../oauth/index.ts';

/** The layer of the authorization server: answers for its own paths, under the name `oauth` in log and metrics. */
export function serveOAuth(oauth: OAuth): RequestHandler {
  return (request, response, next) => {
    const exchange = exchangeOf(request);
    if (!oauth.handles(exchange.target.path)) return next();
    exchange.route = 'oauth';
    const { replyHeaders } = exchange;
    for (let i = 0; i < replyHeaders.length; i += 2) response.setHeader(replyHeaders[i]!, replyHeaders[i + 1]!);
    oauth.router(request, response, next);
  };
}
