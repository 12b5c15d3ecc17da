import * as z from 'zod';
import { duration, integer } from '../../config/values.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { Principal } from '../../model/principal.ts';
import { createMemoryCounterStore } from '../../stores/memory/counter-store.ts';
import { definePolicy } from '../policy.ts';
import { createLimiter } from './limiter.ts';

const keys: Record<'client' | 'user' | 'address', (exchange: Exchange) => string> = {
  client: (exchange) => `client ${principalOf(exchange).clientId}`,
  user: (exchange) => `user ${principalOf(exchange).subject}`,
  address: ({ address }) => `address ${address}`,
};

function principalOf({ principal }: Exchange): Principal {
  if (principal === undefined) throw new Error('a limit by client or user runs after authentication');
  return principal;
}

/** `rate-limit`: so many requests in a window for each client, user or address. */
export const rateLimit = definePolicy({
  name: 'rate-limit',
  options: z.strictObject({
    limit: integer(1, 1_000_000_000).describe('Requests that one key may make in a window.'),
    per: duration({ from: '1s' }).describe('The length of a window, which begins with its first request.'),
    by: z
      .enum(['client', 'user', 'address'])
      .optional()
      .describe('What is counted together; by default the client, on public routes the address.'),
  }),
  check({ by }, route, inherited) {
    // A limit for all routes counts anonymous callers of the public ones by address.
    if (inherited || !route.isPublic || by === undefined || by === 'address') return [];
    return [{ path: ['by'], message: `expected address: on the public route ${route.id} nobody has a ${by}` }];
  },
  create({ limit, per, by: chosen }, { route, clock, share }) {
    const by = route.isPublic ? 'address' : (chosen ?? 'client');
    const counters = share(() => createMemoryCounterStore({ clock }));
    return { guard: createLimiter({ name: by, limit, window: per, keyOf: keys[by], counters, clock, announce: true }) };
  },
});
