import { createHash } from 'node:crypto';
import { type ExpectedReply, exactly } from './expected-reply.ts';
import type { Signing, TargetName } from './targets/target.ts';
import { tokenOf } from './token-reply.ts';

/** One HTTP call, the same for every target of a case. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: { readonly type: string; readonly text: string };
  /** How it authenticates: with a token that the target has issued, or as the client that gets tokens. */
  readonly as: 'bearer' | 'client';
}

/** One row group of the table: a call, how many connections repeat it, and who takes part. */
export interface Case {
  readonly id: string;
  readonly about: string;
  readonly connections: number;
  readonly call: Call;
  /** What every correct reply is; its status is 200. */
  readonly reply: ExpectedReply;
  readonly targets: readonly TargetName[];
  /** Whom the last column of the table compares with. */
  readonly peer: TargetName;
  /** What tokens are signed with; RS256 when absent. */
  readonly signing?: Signing;
}

/** The 400 bytes that a customer service answers. */
export const customer = fill(400, (notes) => ({ id: 42, name: 'Ada Lovelace', active: true, notes }));

/** 100 kB that do not compress to nothing, the same in every run. */
export const report = Array.from({ length: 1563 }, (_, line) => createHash('sha256').update(`${line}`).digest('hex'))
  .join('')
  .slice(0, 100_000);

const order = fill(10_240, (lines) => ({ lines }));

/** JSON of exactly this many bytes, by a text of the right length in it. */
function fill(bytes: number, make: (text: string) => unknown): string {
  const without = JSON.stringify(make('')).length;
  return JSON.stringify(make('x'.repeat(bytes - without)));
}

/** The paths that the upstream answers, and so the routes that each target forwards. */
export const paths = {
  customer: '/api/v1/customers/42',
  status: '/api/v1/customers/42/status',
  report: '/api/v1/reports/42',
  orders: '/api/v1/orders',
  token: '/oauth/token',
  events: '/api/v1/events',
} as const;

/** What gives so many bytes, or takes them. */
export const archivePath = (bytes: number): string => `/api/v1/archives/${bytes}`;

const get = {
  about: 'forwarded GET, 400 bytes',
  call: { method: 'GET', path: paths.customer, as: 'bearer' },
  reply: exactly(customer),
  targets: ['garita', 'stock', 'fastify', 'nginx'],
  peer: 'stock',
} as const;

const cacheHit = {
  about: 'GET of 400 bytes from the cache (stock forwards it; bare is Node answering by itself)',
  call: { method: 'GET', path: paths.status, as: 'bearer' },
  reply: exactly(customer),
  targets: ['garita', 'stock', 'nginx', 'bare'],
  peer: 'stock',
} as const;

/** An access token for a client itself (RFC 6749 §4.4), a JWT that is signed anew for each call. */
const token = (signing: Signing): Case => ({
  id: `token-${signing.toLowerCase()}@64`,
  about: `an access token by client credentials, signed with ${signing}`,
  connections: 64,
  call: {
    method: 'POST',
    path: paths.token,
    body: {
      type: 'application/x-www-form-urlencoded',
      text: 'grant_type=client_credentials&scope=customers%3Aread+customers%3Awrite',
    },
    as: 'client',
  },
  reply: tokenOf(signing, 'customers:read customers:write'),
  targets: ['garita', 'oidc-provider'],
  peer: 'oidc-provider',
  signing,
});

/** Every case, in the order of the table. */
export const cases: readonly Case[] = [
  { id: 'get@64', connections: 64, ...get },
  { id: 'get@500', connections: 500, ...get },
  { id: 'cache-hit@64', connections: 64, ...cacheHit },
  { id: 'cache-hit@500', connections: 500, ...cacheHit },
  {
    id: 'reply-100k@64',
    about: 'forwarded GET, reply of 100 kB',
    connections: 64,
    call: { method: 'GET', path: paths.report, as: 'bearer' },
    reply: exactly(report),
    targets: ['garita', 'stock', 'fastify', 'nginx'],
    peer: 'stock',
  },
  {
    id: 'post-10k@64',
    about: 'forwarded POST of 10 kB, the upstream answers its length',
    connections: 64,
    call: { method: 'POST', path: paths.orders, body: { type: 'application/json', text: order }, as: 'bearer' },
    reply: exactly(JSON.stringify({ length: order.length })),
    targets: ['garita', 'stock', 'fastify', 'nginx'],
    peer: 'stock',
  },
  token('RS256'),
  token('ES256'),
];
