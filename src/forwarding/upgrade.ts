import { GatewayError } from '../errors/gateway-error.ts';
import type { Exchange } from '../model/exchange.ts';
import type { Upgrade } from '../model/upgrade.ts';
import type { ForwardOptions } from './forward.ts';
import { buildRequestHeaders } from './request-headers.ts';
import type { Tunnels } from './tunnels.ts';

/** Carries an upgrade to an instance. Rejects with the error that the caller is to see while nothing was written. */
export type OpenTunnel = (exchange: Exchange, upgrade: Upgrade) => Promise<void>;

/** What a tunnel needs beside what forwarding needs. */
export interface UpgradeOptions
  extends Pick<ForwardOptions, 'pool' | 'headers' | 'pathOf' | 'clock' | 'timeouts' | 'onReachability'> {
  readonly tunnels: Tunnels;
  /** Wall clock, in seconds since the epoch. */
  readonly seconds: () => number;
}

/** One instance, one try: the caller's first bytes may be on their way already. The tunnel ends when the token expires. */
export function createUpgrade(options: UpgradeOptions): OpenTunnel {
  const { tunnels, pool, headers, pathOf, clock, seconds, timeouts, onReachability } = options;
  return async (exchange, upgrade) => {
    const state = pool.pick(clock(), []);
    if (state === undefined) throw new GatewayError('GW_SERVICE_UNAVAILABLE', { headers: ['Retry-After', '1'] });
    const began = clock();
    exchange.attempts += 1;
    exchange.instance = state.instance.id;
    state.begin(began);
    upgrade.socket.once('close', () => state.end());
    try {
      await tunnels.open(upgrade, {
        origin: state.instance.origin,
        path: pathOf(exchange) + exchange.target.query,
        headers: buildRequestHeaders(exchange, headers),
        timeout: timeouts.connect + timeouts.firstByte,
        principal: exchange.principal,
      });
    } catch (error) {
      const cause = error as NodeJS.ErrnoException;
      if (cause.code === 'ECONNREFUSED' && state.markUnreachable(clock())) onReachability(state, false, cause);
      throw toGatewayError(cause);
    }
    if (state.markReachable()) onReachability(state, true);
    exchange.upstreamMs = clock() - began;
    if (exchange.principal !== undefined) endWith(exchange.principal.expiresAt - seconds(), upgrade);
  };
}

function toGatewayError(cause: NodeJS.ErrnoException): GatewayError {
  if (cause.code === 'ETIMEDOUT') return new GatewayError('GW_UPSTREAM_TIMEOUT', { cause });
  if (cause.code !== 'ECONNREFUSED') return new GatewayError('GW_UPSTREAM_FAILED', { cause });
  return new GatewayError('GW_SERVICE_UNAVAILABLE', { cause, headers: ['Retry-After', '1'] });
}

function endWith(remaining: number, { socket }: Upgrade): void {
  const timer = setTimeout(() => socket.destroy(), remaining * 1000);
  socket.once('close', () => clearTimeout(timer));
}
