import * as z from 'zod';
import { duration, flag } from '../../config/values.ts';
import { bodyOf, emptyBody } from '../../model/body-source.ts';
import type { Exchange } from '../../model/exchange.ts';
import { type HeaderList, headerOf, headersOf } from '../../model/headers.ts';
import type { Principal } from '../../model/principal.ts';
import type { Reply } from '../../model/reply.ts';
import { definePolicy } from '../policy.ts';
import { cacheControlOf } from './cache-control.ts';
import { collect } from './collect.ts';
import type { CachedReply, ResponseCache } from './response-cache.ts';
import { storable } from './storable.ts';

/** `cache`: gives replies again while they are fresh. Runs after every guard, so only to callers who passed them. */
export const cache = definePolicy({
  name: 'cache',
  options: z.strictObject({
    fresh: duration({ from: '1s' }).describe(
      'How long a reply may be given again; the service can say less, never more.',
    ),
    shared: flag
      .default(false)
      .describe(
        'true when the reply is the same for every caller who may have it; otherwise each subject, client and set of scopes has its own.',
      ),
  }),
  check(_options, { methods = ['GET'], id }, inherited) {
    return inherited || methods.includes('GET') || methods.includes('HEAD')
      ? []
      : [{ path: [], message: `route ${id} has neither GET nor HEAD: nothing of it can be cached` }];
  },
  create({ fresh, shared }, { responseCache: memory, gatewayName }) {
    const told = (reply: Reply, exchange: Exchange, status: string): Reply => {
      exchange.cache = status;
      return { ...reply, headers: [...reply.headers, 'Cache-Status', `${gatewayName}; ${status}`] };
    };
    return {
      wrap: (next) => async (exchange) => {
        if (!concernsCache(exchange)) return told(await next(exchange), exchange, 'fwd=bypass');
        const key = keyOf(exchange, shared);
        const refresh = asksForNew(exchange.headers);
        const hit = refresh ? undefined : memory.find(key, exchange.headers);
        if (hit !== undefined)
          return told(replay(hit, exchange, memory), exchange, `hit; ttl=${memory.freshnessOf(hit)}`);
        const mark = memory.mark();
        const reply = await next(exchange);
        const status = refresh ? 'fwd=request' : 'fwd=miss';
        const terms = exchange.method === 'GET' ? storable(reply, fresh) : undefined;
        if (terms === undefined || declaredLength(reply.headers) > memory.maxBody) return told(reply, exchange, status);
        const headers = without(without(reply.headers, 'age'), 'trailer');
        const body = collect(reply.body, memory.maxBody, (content) =>
          memory.store(
            { ...terms, key, path: exchange.target.path, request: exchange.headers, mark },
            reply.status,
            headers,
            content,
          ),
        );
        return told({ ...reply, body }, exchange, `${status}; stored`);
      },
    };
  },
});

/**
 * Only plain reads: what asks for a part, or carries a body, goes to the service as it is. So do credentials that the
 * gateway has not verified: what they open is for their owner alone (RFC 9111 §3.5).
 */
function concernsCache({ method, headers, body, principal }: Exchange): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (principal === undefined && headerOf(headers, 'authorization') !== undefined) return false;
  return !body.present && headerOf(headers, 'range') === undefined && !cacheControlOf(headers).has('no-store');
}

const asksForNew = (headers: HeaderList): boolean => {
  const control = cacheControlOf(headers);
  return control.has('no-cache') || control.get('max-age') === '0';
};

// Two routes may share a path, told apart by header conditions, and differ in their service and in who may pass.
function keyOf({ route, scheme, host, target, principal, certificate }: Exchange, shared: boolean): string {
  const resource = `${route} ${scheme}://${host}${target.path}${target.query}`;
  if (shared || (principal === undefined && certificate === undefined)) return resource;
  // The service sees the certificate on public routes, too, and may go by it.
  return `${resource}\n${principal === undefined ? '' : identityOf(principal)}${certificate?.fingerprint ?? ''}`;
}

const identityOf = ({ subject, clientId, scopes }: Principal): string =>
  JSON.stringify([subject, clientId, [...scopes].sort()]);

/** The stored reply, or 304 where the caller has it already (RFC 9110 §13.1.2). */
function replay(hit: CachedReply, exchange: Exchange, memory: ResponseCache): Reply {
  const age = ['Age', String(memory.ageOf(hit))];
  const etag = headerOf(hit.headers, 'etag');
  if (etag !== undefined && matches(headersOf(exchange.headers, 'if-none-match'), etag)) {
    return { status: 304, headers: [...without(hit.headers, 'content-length'), ...age], body: emptyBody };
  }
  return {
    status: hit.status,
    headers: [...hit.headers, ...age],
    body: exchange.method === 'HEAD' ? emptyBody : bodyOf(hit.body),
  };
}

const weak = (tag: string): string => tag.trim().replace(/^W\//, '');

const matches = (conditions: readonly string[], etag: string): boolean =>
  conditions.some((value) => value.split(',').some((tag) => tag.trim() === '*' || weak(tag) === weak(etag)));

const declaredLength = (headers: HeaderList): number => Number(headerOf(headers, 'content-length') ?? 0);

function without(headers: HeaderList, name: string): HeaderList {
  const out: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]!.toLowerCase() !== name) out.push(headers[i]!, headers[i + 1]!);
  }
  return out;
}
