import express, { type Express, type Request, type RequestHandler } from 'express';
import { exchangeOf } from '../model/exchange.ts';
import type { Plan } from '../plan/plan.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createDispatch } from './dispatch.ts';
import { createErrorHandler } from './error-handler.ts';
import { createIntake, type IntakeOptions } from './intake.ts';

export interface AppLayers {
  readonly intake: IntakeOptions;
  /** Counts every request by address, before anything is known about it. */
  readonly limitAddress: RequestHandler | undefined;
  /** The token endpoints and their documents; passes on what is not theirs. */
  readonly oauth: RequestHandler;
  readonly currentPlan: () => Plan;
  readonly log: Logger;
}

/** An Express app for the public listener, still without its layers: the listener is bound before they can be made. */
export function createApp(): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false);
  // The caller's address is read once, at the edge, for everybody: Express would parse forwarding fields at each use.
  Object.defineProperty(app.request, 'ip', {
    get(this: Request) {
      return exchangeOf(this).address;
    },
  });
  return app;
}

/** Puts the layers on, in their fixed order: nothing can come before the checks by mistake. */
export function mountLayers(app: Express, { intake, limitAddress, oauth, currentPlan, log }: AppLayers): void {
  app.use(createIntake(intake));
  if (limitAddress !== undefined) app.use(limitAddress);
  app.use(oauth);
  app.use(createDispatch(currentPlan));
  app.use(createErrorHandler(log));
}
