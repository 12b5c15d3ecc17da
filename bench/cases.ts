import { createHash } from 'node:crypto';
import type { TargetName } from './targets/target.ts';

/** One HTTP call, the same for every target of a case. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

/** One row group of the table: a call, how many connections repeat it, and who takes part. */
export interface Case {
  readonly id: string;
  readonly about: string;
  readonly connections: number;
  readonly call: Call;
  /** The exact body that every correct reply has; its status is 200. */
  readonly reply: string;
  readonly targets: readonly TargetName[];
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
} as const;

const get = {
  about: 'forwarded GET, 400 bytes',
  call: { method: 'GET', path: paths.customer },
  reply: customer,
  targets: ['garita', 'stock', 'fastify', 'nginx'],
} as const;

const cacheHit = {
  about: 'GET of 400 bytes from the cache (stock forwards it; bare is Node answering by itself)',
  call: { method: 'GET', path: paths.status },
  reply: customer,
  targets: ['garita', 'stock', 'nginx', 'bare'],
} as const;

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
    call: { method: 'GET', path: paths.report },
    reply: report,
    targets: ['garita', 'stock', 'fastify', 'nginx'],
  },
  {
    id: 'post-10k@64',
    about: 'forwarded POST of 10 kB, the upstream answers its length',
    connections: 64,
    call: { method: 'POST', path: paths.orders, body: order },
    reply: JSON.stringify({ length: order.length }),
    targets: ['garita', 'stock', 'fastify', 'nginx'],
  },
];
