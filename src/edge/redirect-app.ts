import express, { type Express } from 'express';
import type { Config } from '../config/schema.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { exchangeOf } from '../model/exchange.ts';
import { headerOf } from '../model/headers.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createErrorHandler } from './error-handler.ts';
import { createIntake, type IntakeOptions } from './intake.ts';
import { limitAddresses } from './limit-addresses.ts';

/** What {@link createRedirectApp} works with. */
export interface RedirectOptions {
  readonly intake: IntakeOptions;
  readonly addressLimit: Config['limits']['address'];
  /** Its port is the one that callers reach over https. */
  readonly issuer: string;
  readonly log: Logger;
}

/**
 * The app of the plain listener: people who type an address without its scheme are sent to https (308). What carries
 * credentials, or a body that may hold some, is refused instead: the mistake must show where it is made.
 */
export function createRedirectApp({ intake, addressLimit, issuer, log }: RedirectOptions): Express {
  const { port } = new URL(issuer);
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false);
  app.use(createIntake(intake));
  const limit = limitAddresses(addressLimit, intake.clock);
  if (limit !== undefined) app.use(limit);
  app.use((request, response) => {
    const exchange = exchangeOf(request);
    const { method, headers, host, target, body, id } = exchange;
    exchange.route = 'redirect';
    const isPlainRead = (method === 'GET' || method === 'HEAD') && !body.present;
    if (!isPlainRead || headerOf(headers, 'authorization') !== undefined) throw new GatewayError('GW_HTTPS_REQUIRED');
    const authority = host.replace(/:\d+$/, '') + (port === '' ? '' : `:${port}`);
    response.writeHead(308, [
      ...['Location', `https://${authority}${target.path}${target.query}`],
      ...['Content-Length', '0', 'X-Request-Id', id],
    ]);
    response.end();
  });
  app.use(createErrorHandler(log));
  return app;
}
