import { randomUUID } from 'node:crypto';
import express, { type Request, type RequestHandler, type Router } from 'express';
import * as z from 'zod';
import type { Administration, Operator } from '../../oauth/administration/administration.ts';
import { checkInput } from '../../oauth/administration/check-input.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { AdminError } from './admin-error.ts';
import { type AdmitOptions, createAdmit } from './admit.ts';
import { clientOperations } from './client-operations.ts';
import { grantOperations } from './grant-operations.ts';
import { keyOperations } from './key-operations.ts';
import { describeApi } from './openapi.ts';
import { defineOperation, type Operation } from './operation.ts';
import { type OverviewSources, overviewOperations } from './overview-operations.ts';
import { readBody } from './read-body.ts';
import { refuseForeignPages } from './refuse-foreign-pages.ts';
import { sendProblem } from './send-problem.ts';
import { userOperations } from './user-operations.ts';

/** What {@link createAdminApi} needs. */
export interface AdminApiOptions extends AdmitOptions, Omit<OverviewSources, 'audit'> {
  readonly administration: Administration;
  /** Names and addresses of the listener beside loopback, without port. */
  readonly hosts: readonly string[];
  readonly log: Pick<Logger, 'warn' | 'error'>;
  /** Makes the id of a request. Default: a random UUID. */
  readonly createId?: () => string;
}

/** The admin API, to be mounted at `/admin`. Its order is fixed: nothing is looked at before it is known who asks. */
export function createAdminApi(options: AdminApiOptions): Router {
  const { administration, hosts, log, createId = randomUUID } = options;
  const operations: readonly Operation[] = [
    ...clientOperations(administration),
    ...userOperations(administration),
    ...grantOperations(administration),
    ...keyOperations(administration),
    ...overviewOperations({ ...options, audit: administration.audit }),
    defineOperation({
      id: 'describeApi',
      method: 'get',
      path: '/openapi.json',
      summary: 'This description',
      answer: { status: 200, schema: z.looseObject({ openapi: z.string() }) },
      refusals: [],
      handle: async () => ({ body: description }),
    }),
  ];
  const description = describeApi(operations);
  const admit = createAdmit(options);
  const router = express.Router({ caseSensitive: true });
  router.use((_request, response, next) => {
    const requestId = createId();
    response.locals.requestId = requestId;
    response.set({ 'X-Request-Id': requestId, 'X-Content-Type-Options': 'nosniff' });
    next();
  });
  router.use(refuseForeignPages(hosts));
  router.use(async (request, response, next) => {
    response.locals.operator = await admit(request);
    next();
  });
  for (const operation of operations) router[operation.method](pathOf(operation), serve(operation));
  for (const path of new Set(operations.map(pathOf))) {
    router.all(path, refuseMethod(operations.filter((operation) => pathOf(operation) === path)));
  }
  router.use(() => {
    throw new AdminError('ADMIN_UNKNOWN_PATH');
  });
  router.use(sendProblem(log));
  return router;
}

/** As Express writes it: `/clients/:id`. */
const pathOf = ({ path }: Operation): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

const noQuery = z.strictObject({});

function serve(operation: Operation): RequestHandler {
  const { query = noQuery, body: schema, checkedLater = false, answer, handle } = operation;
  return async (request, response) => {
    const written = schema === undefined ? undefined : await readBody(request, response);
    const { body, location } = await handle({
      path: request.params as Record<string, string>,
      query: checkInput('query', query, request.query) as never,
      body: (schema === undefined || checkedLater ? written : checkInput('body', schema, written)) as never,
      by: response.locals.operator as Operator,
    });
    response.status(answer.status);
    if (location !== undefined) response.location(request.baseUrl + location);
    if (body === undefined) response.end();
    else response.json(body);
  };
}

function refuseMethod(operations: readonly Operation[]): (request: Request) => never {
  const allowed = operations.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
  return () => {
    throw new AdminError('ADMIN_METHOD_NOT_ALLOWED', { headers: { Allow: allowed.join(', ') } });
  };
}
