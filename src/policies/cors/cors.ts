import * as z from 'zod';
import { expecting } from '../../config/expecting.ts';
import { duration, flag, oneOrMore, text } from '../../config/values.ts';
import { emptyBody } from '../../model/body-source.ts';
import type { HeaderEdit } from '../../model/headers.ts';
import { type CrossOrigin, definePolicy } from '../policy.ts';
import { origin } from './origin.ts';
import { originOf } from './preflight.ts';

const fieldName = text(/^[!#$%&'+.^_`|~0-9A-Za-z-]+$/, 'the name of a header field');
const method = text(/^[!#$%&'+.^_`|~0-9A-Z-]+$/, 'a method in upper case such as PUT');

/** Fields that pages may send beside those that browsers always let them send. */
const usualHeaders = ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'X-Request-Id'];
const traceHeaders = ['traceparent', 'tracestate'];

/** Fields that pages may read beside those that browsers always let them read. */
const usualExposed = [
  ...['Cache-Status', 'ETag', 'Link', 'Location', 'RateLimit', 'RateLimit-Policy', 'Retry-After'],
  ...['WWW-Authenticate', 'X-Request-Id'],
];

const options = z
  .strictObject({
    origins: oneOrMore(origin, 'one or more origins').describe(
      'Whose pages may use the route: origins exactly as browsers send them, or "*" for all.',
    ),
    methods: z
      .exactOptional(z.array(method, expecting('a list of methods')).min(1, expecting('at least one')))
      .describe('Methods that they may use; those of the route when absent.'),
    headers: z
      .union([z.literal('*'), z.array(fieldName)], expecting('a list of header fields or "*"'))
      .default([...usualHeaders, ...traceHeaders])
      .describe('Header fields that they may send; "*" for all.'),
    exposed: z
      .array(fieldName, expecting('a list of header fields'))
      .default(usualExposed)
      .describe('Header fields of replies that they may read.'),
    credentials: flag.default(false).describe('Whether browsers send cookies along and show the reply then.'),
    maxAge: duration({ from: '1s', to: '1d' })
      .prefault('10m')
      .describe('How long a browser may go by the answer to a preflight.'),
  })
  .superRefine(({ origins, credentials }, context) => {
    const refuse = (index: number, message: string) =>
      context.addIssue({ code: 'custom', path: ['origins', index], message });
    const all = origins.indexOf('*');
    const nobody = origins.indexOf('null');
    if (all !== -1 && origins.length > 1) refuse(all, '"*" is every origin already: leave it out, or the others');
    if (all !== -1 && credentials)
      refuse(all, 'with credentials: true name the origins: every page could act as the user');
    if (nobody !== -1 && credentials)
      refuse(nobody, 'with credentials: true "null" cannot be admitted: any page can be it');
  });

/** `cors`: lets browsers show replies to pages of other origins, and answers their preflights. */
export const cors = definePolicy({
  name: 'cors',
  single: true,
  options,
  check({ methods = [] }, { id, methods: taken }, inherited) {
    if (inherited || taken === undefined) return [];
    return methods.flatMap((name, index) =>
      taken.includes(name) || (name === 'HEAD' && taken.includes('GET'))
        ? []
        : [{ path: ['methods', index], message: `route ${id} takes ${taken.join(', ')}, and no ${name}` }],
    );
  },
  create(chosen, { route }) {
    return {
      crossOrigin: createCrossOrigin(chosen, route.methods),
      wrap: (next) => async (exchange) => {
        const reply = await next(exchange);
        return { ...reply, headers: withoutOwnRules(reply.headers) };
      },
    };
  },
});

function createCrossOrigin(
  { origins, methods, headers, exposed, credentials, maxAge }: z.output<typeof options>,
  ofRoute: readonly string[] | undefined,
): CrossOrigin {
  const all = origins.includes('*');
  const known = new Set(origins);
  const admits = (name: string): boolean => all || known.has(name);
  // A reply that is the same for all says so, and no cache on the way has to keep several.
  const allowed = (name: string): string[] => ['Access-Control-Allow-Origin', all ? '*' : name];
  const varying = all ? [] : ['Vary', 'Origin'];
  const withCredentials = credentials ? ['Access-Control-Allow-Credentials', 'true'] : [];
  const readable = exposed.length === 0 ? [] : ['Access-Control-Expose-Headers', exposed.join(', ')];
  const seconds = String(Math.floor(maxAge / 1000));
  return {
    admits,
    announce({ headers: sent, replyHeaders }) {
      replyHeaders.push(...varying);
      const origin = originOf(sent);
      if (all || (origin !== undefined && known.has(origin))) {
        replyHeaders.push(...allowed(origin ?? ''), ...withCredentials, ...readable);
      }
    },
    answer: ({ origin, method, headers: asked }) => ({
      status: 204,
      headers: [
        ...allowed(origin),
        ...withCredentials,
        ...['Access-Control-Allow-Methods', (methods ?? ofRoute ?? [method]).join(', ')],
        ...allowedHeaders(asked),
        ...['Access-Control-Max-Age', seconds, ...varying],
      ],
      body: emptyBody,
    }),
  };

  function allowedHeaders(asked: readonly string[]): string[] {
    // "*" itself would mean a field of that name with credentials, and never Authorization (Fetch §3.3.6).
    const names = headers === '*' ? asked : headers;
    return names.length === 0 ? [] : ['Access-Control-Allow-Headers', names.join(', ')];
  }
}

/** What a service itself says about other origins would contradict the route. */
const withoutOwnRules: HeaderEdit = (headers) => {
  const out: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    if (!/^access-control-/i.test(headers[i]!)) out.push(headers[i]!, headers[i + 1]!);
  }
  return out;
};
