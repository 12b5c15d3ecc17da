import { GatewayError } from '../errors/gateway-error.ts';
import type { Exchange, Forward } from '../model/exchange.ts';
import type { InstanceState } from '../services/instance-state.ts';
import type { Pool } from '../services/pool.ts';
import { TransportError } from '../transport/transport-error.ts';
import { type AttemptContext, attempt } from './attempt.ts';
import { buildRequestHeaders, type RequestHeaderOptions } from './request-headers.ts';

/** Everything that forwarding to one service needs. */
export interface ForwardOptions extends AttemptContext {
  readonly pool: Pool;
  readonly headers: RequestHeaderOptions;
  /** The path that the service knows the resource by, without the query. */
  readonly pathOf: (exchange: Exchange) => string;
  /** Milliseconds for the exchange from here on, all attempts and the body included. */
  readonly total: number;
  readonly onRetry: (service: string) => void;
}

/** Attempts after the first that may follow a request which went out: one, and only where doing it twice is harmless. */
const resends = 1;

/**
 * The innermost step: an instance, an attempt, and on failure another instance where that is safe. While nothing was
 * sent every instance may be tried in turn; a request that went out is sent again once, if it is GET or HEAD.
 */
export function createForward(options: ForwardOptions): Forward {
  const { pool, clock } = options;
  return async (exchange) => {
    // The caller may have left while a guard was waiting: nothing is begun for nobody.
    if (exchange.stopped !== undefined) throw exchange.stopped;
    exchange.deadline ??= setTimeout(() => exchange.stop(new GatewayError('GW_UPSTREAM_TIMEOUT')), options.total);
    const request = {
      method: exchange.method,
      path: options.pathOf(exchange) + exchange.upstreamQuery,
      headers: buildRequestHeaders(exchange, options.headers),
    };
    const tried: InstanceState[] = [];
    let resent = 0;
    let last: TransportError | undefined;
    let refused = false;
    for (;;) {
      const state = pool.pick(clock(), tried) ?? (last?.failure === 'broken' ? tried.at(-1) : undefined);
      if (state === undefined) throw last === undefined || refused ? unavailable(last) : publicError(last);
      if (tried.length > 0) options.onRetry(pool.service);
      tried.push(state);
      try {
        return await attempt(exchange, state, request, options);
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        last = error;
        refused ||= error.failure === 'unreachable';
        if (error.failure === 'broken' && isSafeToResend(exchange) && resent < resends) resent += 1;
        else if (error.failure !== 'unreachable' && error.failure !== 'unconnected') throw publicError(error);
      }
    }
  };
}

const isSafeToResend = ({ method, body }: Exchange): boolean =>
  (method === 'GET' || method === 'HEAD') && !body.present;

const unavailable = (cause: TransportError | undefined): GatewayError =>
  new GatewayError('GW_SERVICE_UNAVAILABLE', { headers: ['Retry-After', '1'], cause });

function publicError(error: TransportError): GatewayError {
  switch (error.failure) {
    case 'timeout':
    case 'unconnected':
      return new GatewayError('GW_UPSTREAM_TIMEOUT', { cause: error });
    case 'invalid':
      return new GatewayError('GW_UPSTREAM_INVALID', { cause: error });
    case 'unsendable':
      return new GatewayError('GW_BAD_REQUEST', { cause: error });
    default:
      return new GatewayError('GW_UPSTREAM_FAILED', { cause: error });
  }
}
