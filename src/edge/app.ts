import express, { type Express, type Request } from 'express';
import type { Config } from '../config/schema.ts';
import { type Exchange, exchangeOf } from '../model/exchange.ts';
import type { OAuth } from '../oauth/index.ts';
import type { Plan } from '../plan/plan.ts';
import type { Logger } from '../telemetry/logger.ts';
import { announceRefusals } from './cross-origin.ts';
import { createDispatch } from './dispatch.ts';
import { createErrorHandler } from './error-handler.ts';
import { createIntake, type IntakeOptions } from './intake.ts';
import { limitAddresses } from './limit-addresses.ts';
import { requireHttps } from './require-https.ts';
import { serveOAuth } from './serve-oauth.ts';

/** What the layers of the app work with. */
export interface AppLayers {
  readonly intake: IntakeOptions;
  readonly addressLimit: Config['limits']['address'];
  /** Whether requests can come over plain http and must not. */
  readonly httpsOnly: boolean;
  readonly oauth: OAuth;
  readonly currentPlan: () => Plan;
  readonly log: Logger;
}

/** The Express app of the public listener. Its order is fixed: nothing can come before the checks by mistake. */
export function createApp({ intake, addressLimit, httpsOnly, oauth, currentPlan, log }: AppLayers): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false);
  // Where a request comes from is read once, at the edge, for everybody: Express would parse forwarding fields at each use.
  const define = (name: string, read: (exchange: Exchange) => string): void =>
    void Object.defineProperty(app.request, name, {
      get(this: Request) {
        return read(exchangeOf(this));
      },
    });
  define('ip', ({ address }) => address);
  define('protocol', ({ scheme }) => scheme);
  define('host', ({ host }) => host);
  app.use(createIntake(intake));
  const limit = limitAddresses(addressLimit, intake.clock);
  if (limit !== undefined) app.use(limit);
  if (httpsOnly) app.use(requireHttps);
  app.use(announceRefusals(currentPlan));
  app.use(serveOAuth(oauth));
  app.use(createDispatch(currentPlan));
  app.use(createErrorHandler(log));
  return app;
}
