import { GatewayError } from '../errors/gateway-error.ts';
import type { Exchange } from '../model/exchange.ts';
import type { Reply } from '../model/reply.ts';
import type { Upgrade } from '../model/upgrade.ts';
import type { ForwardOptions } from './forward.ts';
import { checkHandshake } from './handshake.ts';
import { bodyOfMessage } from './message-body.ts';
import { buildRequestHeaders } from './request-headers.ts';
import { buildResponseHeaders } from './response-headers.ts';
import { invalidAnswer, type Tunnels } from './tunnels.ts';

/**
 * Carries an upgrade to an instance. Resolves to undefined once the tunnel stands, or to the answer of an instance that
 * refused; rejects with the error that the caller is to see while nothing was written.
 */
export type OpenTunnel = (exchange: Exchange, upgrade: Upgrade) => Promise<Reply | undefined>;

/** What a tunnel needs beside what forwarding needs. */
export interface UpgradeOptions
  extends Pick<
    ForwardOptions,
    'pool' | 'headers' | 'transport' | 'pathOf' | 'paths' | 'clock' | 'total' | 'onReachability'
  > {
  readonly tunnels: Tunnels;
  /** Milliseconds; `idle` without a byte in either direction. */
  readonly timeouts: ForwardOptions['timeouts'] & { readonly idle: number };
  /** Wall clock, in seconds since the epoch. */
  readonly seconds: () => number;
  /** A tunnel stands. */
  readonly onTunnel: (exchange: Exchange) => void;
}

/** One instance, one try: the caller's first bytes may be on their way already. The tunnel ends when the token expires. */
export function createUpgrade(options: UpgradeOptions): OpenTunnel {
  const { tunnels, transport, pool, headers, pathOf, paths, clock, seconds, timeouts, onReachability } = options;
  return async (exchange, upgrade) => {
    // The caller may have left while a guard was waiting: nothing is begun for nobody.
    if (exchange.stopped !== undefined) throw exchange.stopped;
    checkHandshake(exchange.headers);
    const state = pool.pick(clock(), []);
    if (state === undefined) throw new GatewayError('GW_SERVICE_UNAVAILABLE', { headers: ['Retry-After', '1'] });
    const { origin } = state.instance;
    const began = clock();
    exchange.attempts += 1;
    exchange.instance = state.instance.id;
    state.begin(began);
    upgrade.socket.once('close', () => state.end());
    const refusal = await tunnels
      .open(upgrade, {
        origin,
        agent: transport.agentOf(origin),
        path: pathOf(exchange) + exchange.upstreamQuery,
        headers: buildRequestHeaders(exchange, headers),
        timeout: timeouts.connect + timeouts.firstByte,
        idle: timeouts.idle,
        principal: exchange.principal,
        answerHeaders: (given) => [
          ...buildResponseHeaders({ status: 101, headers: given }, origin, paths),
          ...exchange.replyHeaders,
        ],
      })
      .catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ECONNREFUSED' && state.markUnreachable(clock())) onReachability(state, false, cause);
        throw exchange.stopped ?? toGatewayError(cause);
      });
    if (state.markReachable()) onReachability(state, true);
    exchange.upstreamMs = clock() - began;
    // Gone in the very moment: the end of the exchange has been told already.
    if (exchange.stopped !== undefined) {
      refusal?.destroy();
      throw exchange.stopped;
    }
    if (refusal !== undefined) {
      exchange.deadline ??= setTimeout(() => exchange.stop(new GatewayError('GW_UPSTREAM_TIMEOUT')), options.total);
      exchange.whenStopped((reason) => void refusal.destroy(reason));
      upgrade.socket.once('close', () => void refusal.destroy());
      const { statusCode: status = 502, rawHeaders } = refusal;
      const given = buildResponseHeaders({ status, headers: rawHeaders }, origin, paths);
      return { status, headers: given, body: bodyOfMessage(refusal) };
    }
    exchange.tunnelled = true;
    options.onTunnel(exchange);
    if (exchange.principal !== undefined) endWith(exchange.principal.expiresAt - seconds(), upgrade);
    return undefined;
  };
}

function toGatewayError(cause: NodeJS.ErrnoException): Error {
  if (cause instanceof GatewayError) return cause;
  if (cause.code === 'ETIMEDOUT') return new GatewayError('GW_UPSTREAM_TIMEOUT', { cause });
  if (cause.code === invalidAnswer || cause.code?.startsWith('HPE_'))
    return new GatewayError('GW_UPSTREAM_INVALID', { cause });
  if (cause.code !== 'ECONNREFUSED') return new GatewayError('GW_UPSTREAM_FAILED', { cause });
  return new GatewayError('GW_SERVICE_UNAVAILABLE', { cause, headers: ['Retry-After', '1'] });
}

/** What a timer can take: other issuers may give tokens for longer. */
const longestTimer = 2 ** 31 - 1;

function endWith(remaining: number, { socket }: Upgrade): void {
  const timer = setTimeout(() => socket.destroy(), Math.min(remaining * 1000, longestTimer));
  socket.once('close', () => clearTimeout(timer));
}
