import type { RequestHandler } from 'express';
import { GatewayError } from '../errors/gateway-error.ts';
import { type Exchange, exchangeOf } from '../model/exchange.ts';
import { upgradeOf } from '../model/upgrade.ts';
import type { Plan, RoutePlan } from '../plan/plan.ts';
import { answerPreflight } from './cross-origin.ts';
import { runGuards } from './run-guards.ts';
import { writeReply } from './write-reply.ts';

/** The proxy layer: the current plan's route for a request, its guards, its forwarding, the reply. */
export function createDispatch(currentPlan: () => Plan): RequestHandler {
  return async (request, response) => {
    const exchange = exchangeOf(request);
    const plan = currentPlan();
    const answer = answerPreflight(plan, exchange);
    if (answer !== undefined) return writeReply(response, exchange, answer);
    const route = findRoute(plan, exchange);
    route.crossOrigin?.announce(exchange);
    await runGuards(route.guards, request, response);
    const upgrade = upgradeOf(request);
    if (upgrade !== undefined) {
      // The length would go upstream, the body would not: what follows the handshake belongs to the tunnel.
      if (exchange.body.present) throw new GatewayError('GW_BAD_REQUEST');
      const refusal = await route.tunnel(exchange, upgrade);
      if (refusal !== undefined) writeReply(response, exchange, refusal);
      return;
    }
    writeReply(response, exchange, await route.forward(exchange));
  };
}

function findRoute({ matcher }: Plan, exchange: Exchange): RoutePlan {
  const { method, host, headers, target } = exchange;
  const match = matcher.find({ method, host, headers, path: target.path, query: target.query });
  if (match.kind === 'none') throw new GatewayError('GW_NO_ROUTE');
  if (match.kind === 'method')
    throw new GatewayError('GW_METHOD_NOT_ALLOWED', { headers: ['Allow', match.allowed.join(', ')] });
  exchange.route = match.value.id;
  exchange.service = match.value.service;
  exchange.params = match.captures;
  return match.value;
}
