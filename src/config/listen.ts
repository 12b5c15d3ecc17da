import * as z from 'zod';
import { expecting } from './expecting.ts';
import { listenTls } from './tls.ts';
import { trustedProxies } from './trusted-proxies.ts';
import { address, duration, flag } from './values.ts';

const hsts = z
  .strictObject({
    maxAge: duration({ from: '0s', to: '730d' })
      .prefault('365d')
      .transform((milliseconds) => Math.round(milliseconds / 1000))
      .describe('How long browsers remember to use https only; 0s makes them forget.'),
    includeSubDomains: flag.default(false).describe('For the names below this one as well.'),
  })
  .prefault({});

/** Where the listeners bind, and how callers may reach the public one. */
export const listen = z
  .strictObject({
    public: address.prefault('127.0.0.1:8080').describe('For callers.'),
    operations: address.prefault('127.0.0.1:9090').describe('Health and metrics: not for the public.'),
    tls: z.exactOptional(listenTls),
    redirect: z
      .exactOptional(address)
      .describe('Where plain http is answered with a redirect to https, such as 0.0.0.0:80.'),
    https: z
      .exactOptional(z.enum(['required', 'optional'], expecting('required or optional')))
      .describe('required: refuse what did not come over https. Default: required with tls, otherwise optional.'),
    hsts: z
      .union([z.literal(false), hsts], expecting('{ maxAge, includeSubDomains } or false'))
      .prefault({})
      .describe('Strict-Transport-Security on replies over https (RFC 6797); false: none.'),
    trustedProxies: z.exactOptional(trustedProxies),
  })
  .transform(({ https, ...rest }) => ({
    ...rest,
    https: https ?? (rest.tls === undefined ? ('optional' as const) : ('required' as const)),
  }))
  .describe('Where callers and operators come in.');

/** What is said in `Strict-Transport-Security`; `maxAge` in seconds. */
export type HstsConfig = z.output<typeof hsts>;
