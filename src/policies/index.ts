import { cache } from './cache/cache.ts';
import { invalidate } from './cache/invalidate.ts';
import { compress } from './compress/compress.ts';
import { cors } from './cors/cors.ts';
import type { Policy } from './policy.ts';
import { rateLimit } from './rate-limit/rate-limit.ts';
import { transform } from './transform/transform.ts';
import { validate } from './validate/validate.ts';

/** Every policy there is. Their order here is the order in which they act, whatever the order in the configuration. */
export const policies: readonly Policy[] = [cors, rateLimit, validate, compress, cache, transform, invalidate];
