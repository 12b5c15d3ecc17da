import * as z from 'zod';
import { expecting } from '../../config/expecting.ts';
import { parsePathTemplate } from '../../config/path-template.ts';
import type { Exchange } from '../../model/exchange.ts';
import { definePolicy } from '../policy.ts';
import type { StalePaths } from './response-cache.ts';

const stalePath = z.string(expecting('a path')).superRefine((written, context) => {
  const template = parsePathTemplate(written);
  if (typeof template === 'string') context.addIssue({ code: 'custom', message: template });
});

/** `invalidate`: a write that succeeded drops cached replies that it made stale, by the paths that the route names. */
export const invalidate = definePolicy({
  name: 'invalidate',
  options: z.strictObject({
    paths: z
      .array(stalePath)
      .min(1)
      .describe(
        'External paths whose cached replies a successful write makes stale, with /* at the end all that lies below; {names} come from the route.',
      ),
  }),
  check({ paths }, { params, id }) {
    return paths.flatMap((path, index) =>
      [...path.matchAll(/\{(\w+)\}/g)]
        .filter(([, name]) => !params.has(name!))
        .map(([, name]) => ({
          path: ['paths', index],
          message: `expected a parameter of route ${id}: it has no {${name}}`,
        })),
    );
  },
  create({ paths }, { responseCache }) {
    const resolvers = paths.map(compile);
    return {
      wrap: (next) => async (exchange) => {
        if (!isUnsafe(exchange.method)) return next(exchange);
        const drop = (): void => {
          for (const resolve of resolvers) responseCache.invalidate(resolve(exchange));
        };
        try {
          const reply = await next(exchange);
          if (reply.status < 400) drop();
          return reply;
        } catch (error) {
          // The service may have done it all the same before the answer was lost.
          drop();
          throw error;
        }
      },
    };
  },
});

// RFC 9111 §4.4: unknown methods count as unsafe.
const isUnsafe = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method);

function compile(template: string): (exchange: Exchange) => StalePaths {
  const below = template.endsWith('/*');
  const path = below ? template.slice(0, -2) : template;
  return ({ params }) => ({ path: path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? ''), below });
}
