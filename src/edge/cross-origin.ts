import type { ErrorRequestHandler } from 'express';
import { GatewayError } from '../errors/gateway-error.ts';
import { type Exchange, exchangeOf } from '../model/exchange.ts';
import type { Reply } from '../model/reply.ts';
import type { Plan } from '../plan/plan.ts';
import { preflightOf } from '../policies/cors/preflight.ts';

/**
 * The answer to a preflight (the Fetch Standard §3.3.2), before it matters who is asking; undefined when the request is
 * none, or the route that it asks about says nothing to other origins. The fields of the request to come are not known
 * yet, so of several routes that could take it the first one answers that admits the origin.
 * Throws a GatewayError, 403, when none does.
 */
export function answerPreflight({ matcher }: Plan, exchange: Exchange): Reply | undefined {
  const preflight = preflightOf(exchange);
  if (preflight === undefined) return undefined;
  const { host, target } = exchange;
  const question = { method: preflight.method, host, path: target.path, query: target.query };
  const routes = matcher.foresee(question).filter(({ crossOrigin }) => crossOrigin !== undefined);
  const route = routes.find(({ crossOrigin }) => crossOrigin?.admits(preflight.origin)) ?? routes[0];
  if (route?.crossOrigin === undefined) return undefined;
  exchange.route = route.id;
  exchange.service = route.service;
  if (route.crossOrigin.admits(preflight.origin)) return route.crossOrigin.answer(preflight);
  route.crossOrigin.announce(exchange);
  throw new GatewayError('GW_ORIGIN_REFUSED');
}

/**
 * What was refused before its route was looked for, by its size or by the limit on its address, belongs to a route all
 * the same: a page that may read the route's replies may read this one.
 */
export function announceRefusals(currentPlan: () => Plan): ErrorRequestHandler {
  return (error, request, _response, next) => {
    const exchange = exchangeOf(request);
    const { method, host, headers, target } = exchange;
    // Without a host the request could not even be read, and its target is not the caller's.
    if (host !== '') {
      const match = currentPlan().matcher.find({ method, host, headers, path: target.path, query: target.query });
      if (match.kind === 'route') match.value.crossOrigin?.announce(exchange);
    }
    next(error);
  };
}
