import type { RequestHandler } from 'express';
import { GatewayError } from '../errors/gateway-error.ts';
import { exchangeOf } from '../model/exchange.ts';

/**
 * Refuses what did not come over https, before anything else looks at it. No redirect: whatever the request carried has
 * been read on the way, and a client that is led on silently would go on sending it.
 */
export const requireHttps: RequestHandler = (request, _response, next) => {
  if (exchangeOf(request).scheme !== 'https') throw new GatewayError('GW_HTTPS_REQUIRED');
  next();
};
