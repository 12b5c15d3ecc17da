import { cache } from './cache/cache.ts';
import { invalidate } from './cache/invalidate.ts';
import type { Policy } from './policy.ts';
import { rateLimit } from './rate-limit/rate-limit.ts';

/** Every policy there is. Their order here is the order in which they act, whatever the order in the configuration. */
export const policies: readonly Policy[] = [rateLimit, invalidate, cache];
