import type { RequestHandler } from 'express';
import type { Config } from '../config/schema.ts';
import { createLimiter } from '../policies/rate-limit/limiter.ts';
import { createMemoryCounterStore } from '../stores/memory/counter-store.ts';

/**
 * The limit by address that counts every request, bad tokens and unknown paths included; undefined where there is none.
 * @param clock monotonic, in milliseconds
 */
export function limitAddresses(limits: Config['limits']['address'], clock: () => number): RequestHandler | undefined {
  if (limits === false) return undefined;
  return createLimiter({
    name: 'address',
    limit: limits.limit,
    window: limits.per,
    keyOf: ({ address }) => address,
    counters: createMemoryCounterStore({ clock }),
    clock,
    announce: false,
  });
}
