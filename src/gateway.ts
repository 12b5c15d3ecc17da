import { randomBytes } from 'node:crypto';
import type { Writable } from 'node:stream';
import { type Authority, openAuthority } from './authority.ts';
import { openAuthorizationServer } from './authorization-server.ts';
import { applyPorts } from './config/ports.ts';
import type { Address, Config } from './config/schema.ts';
import type { ConfigSource } from './config/source.ts';
import { urlOf } from './config/values.ts';
import { findPorts, type Listener } from './edge/listener.ts';
import { openPublicTls } from './edge/public-tls.ts';
import { createFileWatch, type WatchFiles } from './edge/watch-files.ts';
import { createTunnels } from './forwarding/tunnels.ts';
import type { Principal } from './model/principal.ts';
import { keepAuditShort } from './oauth/administration/audit-retention.ts';
import { openCallers } from './open-callers.ts';
import { openOperations } from './open-operations.ts';
import { describeRoutes } from './operations/admin/describe-routes.ts';
import { compilePlan, linkConfig } from './plan/compile.ts';
import { ResponseCache } from './policies/cache/response-cache.ts';
import type { Policy } from './policies/policy.ts';
import { InstanceRegistry } from './services/instance-registry.ts';
import { BoundedMemory } from './stores/memory/bounded-memory.ts';
import { openStores } from './stores/open-stores.ts';
import { LineSink } from './telemetry/line-sink.ts';
import { createLogger } from './telemetry/logger.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { createIssuerChoice } from './tokens/choose-issuer.ts';
import { openExternalIssuers } from './tokens/open-external-issuers.ts';
import { createTokenVerifier } from './tokens/verify.ts';
import { openTransports } from './transport/open-transports.ts';

/** What a gateway is made of beside its configuration. Tests give other clocks; nobody else needs to. */
export interface GatewayOptions {
  readonly config: Config;
  /** The text that the configuration came from: problems that show late point into it too. */
  readonly source: ConfigSource;
  /** Policies of your own, made by `definePolicy`: the configuration uses them by name, they act after Garita's. */
  readonly policies?: readonly Policy[];
  /** Where log lines go. Default: standard output. */
  readonly output?: Writable & { readonly isTTY?: boolean };
  /** Wall clock, in milliseconds since the epoch. */
  readonly now?: () => number;
  /** Monotonic clock, in milliseconds. */
  readonly clock?: () => number;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  /** Tells when certificates have changed. */
  readonly watch?: WatchFiles;
}

/** A gateway that serves. */
export interface Gateway {
  /** Where callers reach it, with the port that was really bound. */
  readonly address: Address;
  /** The same as a URL. */
  readonly url: string;
  /** Where plain http is redirected from, if anywhere. */
  readonly redirectAddress?: Address;
  readonly operationsAddress: Address;
  /** Stops accepting, lets what is going on finish for up to 30 s, then lets go of everything. */
  close(): Promise<void>;
}

const verifiedTokenBytes = 16 * 1024 * 1024;
const connectionsPerInstance = 512;

/**
 * Starts a gateway. The only place that knows every part.
 * Rejects, with nothing left running, with a ConfigError, a StoreError or the error of a listener.
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const {
    source,
    policies = [],
    output = process.stdout,
    now = Date.now,
    clock = () => performance.now(),
    random = Math.random,
    watch = createFileWatch(),
  } = options;
  const linked = linkConfig(options.config, source, policies);
  const { listen } = options.config;
  const [address, operationsAddress, redirectAddress] = await findPorts([
    listen.public,
    listen.operations,
    ...(listen.redirect === undefined ? [] : [listen.redirect]),
  ] as const);
  const config = applyPorts(options.config, { port: address.port, operationsPort: operationsAddress.port });
  const seconds = (): number => now() / 1000;

  const lines = new LineSink(output);
  const { level, format, exchanges } = config.log;
  const style = format === 'auto' ? (output.isTTY === true ? 'pretty' : 'json') : format;
  const log = createLogger({ level, format: style, exchanges, lines, now });
  const publicTls = listen.tls && (await openPublicTls(listen.tls, { source, watch, log, now }));
  const transports = await openTransports(config.services, source, { connectionsPerInstance });
  const stores = await openStores(config.store);
  let authority: Authority | undefined;
  let operations: Listener | undefined;
  let callers: Listener | undefined;
  try {
    authority = await openAuthority({ config, stores, clock: seconds, log, keepsSchedule: true });
    const { keys, revocations } = authority;
    const registry = new InstanceRegistry();
    const responseCache = new ResponseCache({ maxBytes: config.cache.memory, maxBody: config.cache.entry, clock });
    const transport = transports.usual;
    const metrics = createMetrics({
      instances: () => registry.list(),
      cache: () => ({ bytes: responseCache.bytes, entries: responseCache.size }),
      linesDropped: () => lines.dropped,
    });
    const memory = new BoundedMemory<Principal>({ maxBytes: verifiedTokenBytes, clock: now });
    const { issuer, oauth: settings } = config;
    const { audience } = settings;
    const verifier = createTokenVerifier({ issuer, audience, keys, revocations, clock: seconds, memory });
    const tunnels = createTunnels({ isRevoked: verifier.isRevoked, limit: config.limits.tunnels });
    for (const { subscribe } of [keys, revocations]) subscribe(tunnels.endRevoked);
    const oauth = await openAuthorizationServer(config, { authority, stores, transport, log, now, clock });
    const others = openExternalIssuers(settings.issuers, { transport, now, clock, log });
    // A name of its own for each process: two gateways in a row are no loop, one gateway twice is.
    const pseudonym = `${config.name}-${randomBytes(4).toString('hex')}`;
    const plan = compilePlan(config, linked, {
      transportOf: transports.of,
      tunnels,
      registry,
      responseCache,
      verifierOf: createIssuerChoice({ issuer, own: verifier, others }),
      pseudonym,
      clock,
      seconds,
      random,
      onRetry: (service) => metrics.retry(service),
      onTunnel: (exchange) => metrics.tunnel(exchange),
      onReachability(service, { instance }, reachable, reason) {
        const fields = { service, instance: instance.id };
        if (reachable) log.info('instance can be reached again', fields);
        else log.warn('instance cannot be reached', { ...fields, reason: reason?.message });
      },
    });

    let ready = true;
    operations = await openOperations({
      config,
      address: operationsAddress,
      authority,
      verifier,
      metrics,
      instances: () => registry.list(),
      routes: describeRoutes(linked),
      isReady: () => ready,
      clock: seconds,
      log,
    });
    callers = await openCallers({
      config,
      address,
      redirectAddress,
      publicTls,
      oauth,
      currentPlan: () => plan,
      pseudonym,
      metrics,
      clock,
      log,
    });
    const stopForgetting = keepAuditShort({ store: stores.audit, keep: config.audit.keep / 1000, clock: seconds, log });
    const url = urlOf(address, publicTls === undefined ? 'http' : 'https');
    log.info('garita is ready', {
      listening: url,
      issuer: config.issuer,
      operations: urlOf(operationsAddress),
      ...(redirectAddress && { redirect: urlOf(redirectAddress) }),
      routes: plan.routes.length,
    });

    return {
      address,
      url,
      operationsAddress,
      ...(redirectAddress && { redirectAddress }),
      async close() {
        ready = false;
        log.info('garita is stopping');
        tunnels.close();
        await callers?.close();
        plan.close();
        stopForgetting();
        await Promise.all([transports.close(), operations?.close(), authority?.close()]);
        await stores.close();
        log.info('garita has stopped');
        await lines.close();
      },
    };
  } catch (error) {
    await Promise.all([callers?.close(), operations?.close(), transports.close(), authority?.close()]);
    await stores.close();
    throw error;
  }
}
