import type { RequestHandler } from 'express';
import { rateLimit, type Store } from 'express-rate-limit';
import { GatewayError } from '../../errors/gateway-error.ts';
import { type Exchange, exchangeOf } from '../../model/exchange.ts';
import type { Count, CounterStore } from '../../stores/counter-store.ts';

/** One limit on how often something may happen. */
export interface LimiterOptions {
  /** Its name in the `RateLimit` fields and in the log. */
  readonly name: string;
  /** Requests that one key may make in a window. */
  readonly limit: number;
  /** The window's length in milliseconds. */
  readonly window: number;
  /** What is counted together. */
  readonly keyOf: (exchange: Exchange) => string;
  readonly counters: CounterStore;
  /** The clock of the counters. */
  readonly clock: () => number;
  /** Whether replies that pass tell the caller what is left. A refusal always does. */
  readonly announce: boolean;
}

/**
 * The guard of a limit. express-rate-limit counts and decides; the fields are ours: `RateLimit-Policy` and `RateLimit`
 * (draft-ietf-httpapi-ratelimit-headers-11), and `Retry-After` with the refusal (RFC 6585 §4).
 */
export function createLimiter({
  name,
  limit,
  window,
  keyOf,
  counters,
  clock,
  announce,
}: LimiterOptions): RequestHandler {
  const policy = `"${name}";q=${limit};w=${Math.ceil(window / 1000)}`;
  const secondsLeft = (resetTime: Date | undefined): number =>
    Math.max(1, Math.ceil(((resetTime?.getTime() ?? 0) - clock()) / 1000));
  const fields = (info: { remaining: number; resetTime: Date | undefined }): string[] => [
    ...['RateLimit-Policy', policy],
    ...['RateLimit', `"${name}";r=${info.remaining};t=${secondsLeft(info.resetTime)}`],
  ];
  const limiter = rateLimit({
    windowMs: window,
    limit,
    keyGenerator: (request) => keyOf(exchangeOf(request)),
    store: storeOver(counters, window),
    standardHeaders: false,
    legacyHeaders: false,
    // Its checks look for a misread X-Forwarded-For: our keys come from the exchange, never from Express.
    validate: false,
    handler(request, _response, next) {
      const info = (request as Limited).rateLimit;
      const exchange = exchangeOf(request);
      exchange.limit = name;
      exchange.replyHeaders.push(...fields(info));
      next(new GatewayError('GW_RATE_LIMITED', { headers: ['Retry-After', String(secondsLeft(info.resetTime))] }));
    },
  });
  if (!announce) return limiter;
  return (request, response, next) =>
    limiter(request, response, (error?: unknown) => {
      if (error === undefined) exchangeOf(request).replyHeaders.push(...fields((request as Limited).rateLimit));
      next(error);
    });
}

type Limited = Parameters<RequestHandler>[0] & { rateLimit: { remaining: number; resetTime: Date | undefined } };

function storeOver(counters: CounterStore, window: number): Store {
  return {
    localKeys: true,
    increment(key) {
      const count = counters.hit(key, window);
      return count instanceof Promise ? count.then(toInfo) : toInfo(count);
    },
    decrement: (key) => counters.undo(key),
    resetKey: (key) => counters.reset(key),
  };
}

const toInfo = ({ hits, resetsAt }: Count) => ({ totalHits: hits, resetTime: new Date(resetsAt) });
