import { GatewayError } from '../errors/gateway-error.ts';
import type { Exchange } from '../model/exchange.ts';
import type { Reply } from '../model/reply.ts';
import type { InstanceState } from '../services/instance-state.ts';
import type { CallTimeouts, OutgoingRequest, Transport } from '../transport/transport.ts';
import type { TransportError } from '../transport/transport-error.ts';
import type { PathMapping } from './location.ts';
import { buildResponseHeaders } from './response-headers.ts';
import { watchEnd } from './watch-end.ts';

/** What an attempt works with; the same for every attempt to a service. */
export interface AttemptContext {
  readonly transport: Transport;
  readonly timeouts: CallTimeouts;
  /** How paths of the service are known outside. */
  readonly paths: PathMapping | undefined;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** An instance went from reachable to not, or back. */
  readonly onReachability: (state: InstanceState, reachable: boolean, reason?: Error) => void;
}

/**
 * One try at one instance. Resolves with the head of its answer, the body still to come. The instance counts as busy
 * until the body has ended. Rejects with a {@link TransportError}, or with the reason for which the exchange stopped.
 */
export async function attempt(
  exchange: Exchange,
  state: InstanceState,
  request: Omit<OutgoingRequest, 'body'>,
  context: AttemptContext,
): Promise<Reply> {
  const began = context.clock();
  exchange.attempts += 1;
  exchange.instance = state.instance.id;
  state.begin(began);
  const body = exchange.body.present ? exchange.body.open() : null;
  const { origin } = state.instance;
  const call = context.transport.send(origin, { ...request, body }, context.timeouts, (status, headers) =>
    exchange.onInterim?.(status, buildResponseHeaders({ status, headers }, origin, context.paths)),
  );
  exchange.whenStopped((reason) => call.stop(reason));
  try {
    const reply = await call.reply;
    exchange.upstreamMs = context.clock() - began;
    if (state.markReachable()) context.onReachability(state, true);
    return {
      status: reply.status,
      headers: buildResponseHeaders(reply, origin, context.paths),
      body: watchEnd(reply.body, () => {
        state.end();
        exchange.whenStopped(undefined);
      }),
    };
  } catch (error) {
    state.end();
    exchange.whenStopped(undefined);
    const failure = error as TransportError;
    const unconnected = failure.failure === 'unreachable' || failure.failure === 'unconnected';
    if (unconnected && state.markUnreachable(context.clock())) context.onReachability(state, false, failure);
    // The caller's body was too large, or the exchange is over: that is the story, not what it did to the connection.
    if (failure.cause instanceof GatewayError) throw failure.cause;
    throw exchange.stopped ?? failure;
  }
}
