import * as z from 'zod';
import { expecting } from './expecting.ts';
import { admin, audit, cache, limits, log, store } from './gateway-settings.ts';
import { issuer } from './issuer.ts';
import { listen } from './listen.ts';
import { oauth } from './oauth.ts';
import { policyUses } from './policy-use.ts';
import { route } from './route.ts';
import { service } from './service.ts';
import { name, text } from './values.ts';

/** The whole of `garita.yaml`: one schema from which types, messages and the JSON Schema follow. */
export const configSchema = z
  .strictObject({
    version: z.literal(1, expecting('1, the only version of this format')).describe('Version of this format.'),
    name: text(/^[a-z0-9-]{1,40}$/, 'up to 40 lower-case letters, digits and dashes')
      .default('garita')
      .describe('Name of this gateway in Via and in logs.'),
    issuer: issuer.describe('Public address of this gateway, in tokens and metadata (RFC 8414).'),
    listen: listen.prefault({}),
    store: store.prefault({ use: 'sqlite' }),
    log: log.prefault({}),
    limits: limits.prefault({}),
    cache: cache.prefault({}),
    oauth: oauth.prefault({}),
    admin: admin.prefault({}),
    audit: audit.prefault({}),
    services: z.record(name, service, expecting('services by name')).default({}).describe('Services by name.'),
    policies: policyUses.describe('For all routes.'),
    routes: z.array(route, expecting('a list of routes')).default([]).describe('Ways through the gateway.'),
  })
  .transform(({ oauth: { audience, ...rest }, ...config }) => ({
    ...config,
    oauth: { ...rest, audience: audience ?? config.issuer },
  }))
  .meta({ title: 'Garita', description: 'Configuration of the Garita API gateway.' });

/** The decoded configuration: every default filled, durations in milliseconds, sizes in bytes, no plain secret. */
export type Config = z.output<typeof configSchema>;

export type { Access, When } from './access.ts';
export type { HstsConfig } from './listen.ts';
export type { PolicyUse } from './policy-use.ts';
export type { RouteConfig } from './route.ts';
export type { Condition, RouteMatch } from './route-match.ts';
export type { ServiceConfig } from './service.ts';
export type { ListenTls, ServiceTls } from './tls.ts';
export type { TrustedProxies } from './trusted-proxies.ts';
export type { Address } from './values.ts';
