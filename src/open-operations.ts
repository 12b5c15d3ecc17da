import type { Authority } from './authority.ts';
import type { Address, Config } from './config/schema.ts';
import { type Listener, openListener } from './edge/listener.ts';
import { createHttpServer } from './edge/server.ts';
import { createAdminApi } from './operations/admin/admin-api.ts';
import type { RouteView } from './operations/admin/describe-routes.ts';
import { createOperationsApp } from './operations/app.ts';
import type { InstanceRegistry } from './services/instance-registry.ts';
import type { Logger } from './telemetry/logger.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { TokenVerifier } from './tokens/verify.ts';

/** What operators and their machines are served with. */
export interface OperationsParts {
  readonly config: Config;
  readonly address: Address;
  readonly authority: Authority;
  readonly verifier: TokenVerifier;
  readonly metrics: Metrics;
  readonly instances: () => ReturnType<InstanceRegistry['list']>;
  readonly routes: readonly RouteView[];
  readonly isReady: () => boolean;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  readonly log: Logger;
}

/** Opens the operations listener: health, metrics and the admin API. Rejects with the error of `listen`. */
export function openOperations(parts: OperationsParts): Promise<Listener> {
  const { config, address, authority, verifier, metrics, instances, routes, isReady, clock, log } = parts;
  const { hosts, tokenHash } = config.admin;
  const adminApi = createAdminApi({
    administration: authority.administration,
    verifier,
    ...(tokenHash !== undefined && { tokenHash }),
    realm: config.name,
    hosts: [address.host, ...hosts],
    instances,
    plan: () => routes,
    audit: authority.audit,
    clock,
    log,
  });
  const app = createOperationsApp({ metrics, isReady, adminApi });
  return openListener(createHttpServer(app, config.limits), address);
}
