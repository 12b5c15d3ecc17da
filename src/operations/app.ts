import express, { type Express, type Router } from 'express';
import type { Metrics } from '../telemetry/metrics.ts';

/** What {@link createOperationsApp} shows. */
export interface OperationsOptions {
  readonly metrics: Metrics;
  /** Whether new requests are welcome: true from the first plan until the process begins to stop. */
  readonly isReady: () => boolean;
  /** Served at `/admin`: it admits and refuses by itself. */
  readonly adminApi: Router;
}

/** The app of the operations listener: for probes, scrapers and operators, never for the public. */
export function createOperationsApp({ metrics, isReady, adminApi }: OperationsOptions): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.get('/livez', (_request, response) => void response.type('text').send('ok\n'));
  app.get('/readyz', (_request, response) => {
    const ready = isReady();
    response
      .status(ready ? 200 : 503)
      .type('text')
      .send(ready ? 'ready\n' : 'stopping\n');
  });
  app.get('/metrics', async (_request, response) => {
    const { contentType, text } = await metrics.render();
    response.set('Content-Type', contentType).send(text);
  });
  app.use('/admin', adminApi);
  app.use((_request, response) => {
    response.status(404).type('text').send('there are /livez, /readyz, /metrics and /admin here\n');
  });
  return app;
}
