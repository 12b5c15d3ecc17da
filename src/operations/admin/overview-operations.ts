import * as z from 'zod';
import { expecting } from '../../config/expecting.ts';
import type { Instance } from '../../model/instance.ts';
import type { Administration } from '../../oauth/administration/administration.ts';
import { auditTypes } from '../../stores/audit-store.ts';
import { answers, listOf } from './answers.ts';
import type { RouteView } from './describe-routes.ts';
import { defineOperation, type Operation } from './operation.ts';
import { integerInQuery, pageQuery, toList } from './pages.ts';

/** What the overviews show. */
export interface OverviewSources {
  readonly audit: Administration['audit'];
  readonly instances: () => Iterable<{
    readonly service: string;
    readonly state: { readonly instance: Instance; readonly reachable: boolean; readonly inFlight: number };
  }>;
  /** The routes of the current plan. */
  readonly plan: () => readonly RouteView[];
}

const text = z.exactOptional(z.string().min(1, expecting('a text')));
const timePhrase = expecting('a time in seconds since the epoch such as 1700000000');
const time = z.exactOptional(
  z
    .string(timePhrase)
    .regex(/^\d{1,12}(?:\.\d{1,9})?$/, timePhrase)
    .transform(Number)
    .pipe(z.number()),
);

/** What goes on, and what went on. */
export function overviewOperations({ audit, instances, plan }: OverviewSources): readonly Operation[] {
  return [
    defineOperation({
      id: 'queryAudit',
      method: 'get',
      path: '/audit',
      summary: 'Who did or tried what, the newest first',
      query: z.strictObject({
        type: z.exactOptional(z.enum(auditTypes)),
        actor: text,
        subject: text,
        clientId: text,
        since: time.describe('From this time on, in seconds since the epoch.'),
        until: time.describe('Before this time, in seconds since the epoch.'),
        limit: pageQuery.limit,
        after: z.exactOptional(integerInQuery(0, 1e15)).describe('Go on after this: next of the list before.'),
      }),
      answer: { status: 200, schema: listOf(answers.AuditEvent) },
      refusals: ['ADMIN_INVALID'],
      async handle({ query: { limit, after, ...filter } }) {
        const page = { limit: limit + 1, ...(after !== undefined && { after }) };
        return { body: toList(await audit.query(filter, page), limit, ({ id }) => String(id)) };
      },
    }),
    defineOperation({
      id: 'listInstances',
      method: 'get',
      path: '/instances',
      summary: 'The instances of the services, as this gateway sees them',
      answer: { status: 200, schema: listOf(answers.Instance) },
      refusals: [],
      async handle() {
        const items = Array.from(instances(), ({ service, state: { instance, reachable, inFlight } }) => ({
          service,
          instance: instance.id,
          origin: instance.origin,
          reachable,
          inFlight,
        }));
        return { body: { items } };
      },
    }),
    defineOperation({
      id: 'listRoutes',
      method: 'get',
      path: '/plan',
      summary: 'The routes that are served, with all that they inherit',
      answer: { status: 200, schema: listOf(answers.Route) },
      refusals: [],
      handle: async () => ({ body: { items: plan() } }),
    }),
  ];
}
