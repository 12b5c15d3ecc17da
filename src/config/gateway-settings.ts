import * as z from 'zod';
import { expecting } from './expecting.ts';
import { hashSecret } from './secret-hash.ts';
import { duration, flag, integer, size, text } from './values.ts';
import { weighty } from './weighty.ts';

/** Where keys, codes and refresh tokens are kept. */
export const store = z
  .discriminatedUnion(
    'use',
    [
      z.strictObject({ use: z.literal('memory') }).describe('Nothing outlives the process.'),
      z.strictObject({
        use: z.literal('sqlite'),
        with: z
          .strictObject({
            file: z
              .string(expecting('the name of a file'))
              .min(1, expecting('the name of a file'))
              .default('./data/garita.db')
              .describe('Relative to the folder of the configuration file.'),
          })
          .prefault({}),
      }),
    ],
    expecting('{ use: memory } or { use: sqlite, with: { file: ... } }'),
  )
  .describe('Where keys and tokens are kept.');

/** What is logged, and how. */
export const log = z
  .strictObject({
    level: z.enum(['error', 'warn', 'info', 'debug'], expecting('error, warn, info or debug')).default('info'),
    format: z
      .enum(['auto', 'json', 'pretty'], expecting('auto, json or pretty'))
      .default('auto')
      .describe('auto: coloured lines on a terminal, JSON elsewhere.'),
    exchanges: flag.default(true).describe('One line for each request.'),
  })
  .describe('What is logged, and how.');

const perAddress = z
  .strictObject({ limit: integer(1, 1e9).default(6_000), per: duration({ from: '1s', to: '1d' }).prefault('1m') })
  .prefault({});

/** What a request may cost before anything is known about it. */
export const limits = z
  .strictObject({
    body: size().prefault('10MB').describe('Request body.'),
    target: size({ to: '1MB' }).prefault('8kB').describe('Path and query.'),
    header: size({ from: '1kB', to: '1MB' }).prefault('16kB').describe('All header fields together.'),
    headerTimeout: duration().prefault('10s').describe('For the header to arrive.'),
    requestTimeout: duration().prefault('30s').describe('For the whole request to arrive.'),
    address: z
      .union([z.literal(false), perAddress], expecting('{ limit, per } or false'))
      .prefault({})
      .describe('Requests from one address, bad tokens and unknown paths included; false: no limit.'),
    tunnels: integer(1, 1e6).default(10_000).describe('WebSockets that are open at the same time.'),
  })
  .describe('Limits for every request.');

/** The memory of the cache policy. */
export const cache = z
  .strictObject({
    memory: size().prefault('64MB').describe('Everything that is cached together; the least recently used goes first.'),
    entry: size().prefault('1MB').describe('The body of one reply; larger ones are not cached.'),
  })
  .describe('Memory of the cache policy.');

/** Who may use the admin API of the operations listener; of the token only the hash is left. */
export const admin = z
  .strictObject({
    token: z
      .exactOptional(weighty('an admin token'))
      .describe(
        'Admits whoever has it, beside access tokens with the scope garita:admin. By reference to the environment.',
      ),
    hosts: z
      .array(text(/^[A-Za-z0-9.:[\]-]{1,255}$/, 'a host such as garita.internal'), expecting('a list of hosts'))
      .default([])
      .describe(
        'Further names that the operations listener is called by, without port; its own and loopback always fit.',
      ),
  })
  .transform(({ token, hosts }) => ({ hosts, ...(token !== undefined && { tokenHash: hashSecret(token) }) }))
  .describe('The admin API on the operations listener.');

/** How long it is remembered who did what. */
export const audit = z
  .strictObject({
    keep: duration({ from: '1d', to: '3650d' }).prefault('90d').describe('How long events are kept.'),
    events: integer(1_000, 1e9).default(1_000_000).describe('How many are kept; the oldest go first.'),
  })
  .describe('The audit of sign-ins, consents, revocations and changes.');
