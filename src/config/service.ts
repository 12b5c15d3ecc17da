import * as z from 'zod';
import type { Instance } from '../model/instance.ts';
import { access } from './access.ts';
import { expecting } from './expecting.ts';
import { policyUses } from './policy-use.ts';
import { serviceTls } from './tls.ts';
import { duration, flag, integer } from './values.ts';

const urlPhrase = 'the address of an instance such as http://10.0.0.1:7101, without path, query and credentials';

/** Only an origin: anything after it would be lost silently. Decoded to the form that `URL.origin` gives. */
const origin = z.string(expecting(urlPhrase)).transform((written, context) => {
  const url = URL.parse(written);
  const bare = url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.href === `${url.origin}/`;
  if (bare && !/[/?#]$/.test(written.replace(/\/$/, ''))) return url.origin;
  context.addIssue({ code: 'custom', message: `expected ${urlPhrase}` });
  return z.NEVER;
});

const weight = integer(1, 100).default(1).describe('Share of the traffic relative to its siblings.');

const instance = z
  .union(
    [origin.transform((url) => ({ url, weight: 1 })), z.strictObject({ url: origin, weight })],
    expecting(urlPhrase),
  )
  .transform(({ url, weight: share }): Instance => {
    const { hostname, port, protocol, origin: canonical } = new URL(url);
    return { id: `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`, origin: canonical, weight: share };
  })
  .describe('Address of one instance, or { url, weight }.');

const instances = z
  .array(instance, expecting('a list of instances'))
  .min(1, expecting('at least one instance'))
  .superRefine((list, context) => {
    for (const [index, { id }] of list.entries()) {
      if (list.findIndex((other) => other.id === id) === index) continue;
      context.addIssue({ code: 'custom', path: [index], message: `the instance ${id} is in the list already` });
    }
  });

/** A named pool and how it is talked to. */
export const service = z
  .strictObject({
    instances: instances.describe('The addresses that serve it.'),
    balance: z
      .string(expecting('the name of a balancer'))
      .meta({ id: 'Balancer', description: 'How an instance is chosen.' })
      .default('round-robin'),
    timeouts: z
      .strictObject({
        connect: duration().prefault('1s').describe('To establish a connection.'),
        firstByte: duration().prefault('5s').describe('From the request sent to the first byte of the reply.'),
        total: duration().prefault('30s').describe('For the whole exchange, all attempts included.'),
        idle: duration()
          .prefault('10m')
          .describe('A WebSocket without a byte in either direction for so long is closed.'),
      })
      .prefault({}),
    forwardToken: flag.default(false).describe('Send the access token of the caller to the service too.'),
    preserveHost: flag.default(false).describe('Send the Host of the caller instead of the host of the instance.'),
    tls: z.exactOptional(serviceTls),
    access: z.exactOptional(access).describe('For routes that say nothing themselves.'),
    policies: policyUses.describe('For all routes to this service.'),
  })
  .refine(({ tls, instances: list }) => tls === undefined || list.some(({ origin: it }) => it.startsWith('https:')), {
    path: ['tls'],
    error: 'tls is for https instances, and there is none: begin their addresses with https:',
  })
  .describe('A named pool of instances.');

/** See {@link service}. Durations in milliseconds; instances in the order of the file. */
export type ServiceConfig = z.output<typeof service>;
