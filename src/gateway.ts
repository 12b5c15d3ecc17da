import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { Writable } from 'node:stream';
import type { RequestHandler } from 'express';
import { applyPorts } from './config/ports.ts';
import type { Address, Config } from './config/schema.ts';
import type { ConfigSource } from './config/source.ts';
import { createApp, mountLayers } from './edge/app.ts';
import { createPublicServer } from './edge/server.ts';
import { createTunnels } from './forwarding/tunnels.ts';
import { exchangeOf } from './model/exchange.ts';
import { createConfiguredClients } from './oauth/configured-clients.ts';
import { createOAuth } from './oauth/index.ts';
import { createOperationsApp } from './operations/app.ts';
import { compilePlan, linkConfig } from './plan/compile.ts';
import { ResponseCache } from './policies/cache/response-cache.ts';
import type { Policy } from './policies/policy.ts';
import { createLimiter } from './policies/rate-limit/limiter.ts';
import { InstanceRegistry } from './services/instance-registry.ts';
import { BoundedMemory } from './stores/memory/bounded-memory.ts';
import { createMemoryCounterStore } from './stores/memory/counter-store.ts';
import { openStores } from './stores/open-stores.ts';
import { LineSink } from './telemetry/line-sink.ts';
import { createLogger } from './telemetry/logger.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { createTraceContext } from './telemetry/trace-context.ts';
import { loadSigningKeys } from './tokens/keys.ts';
import { createTokenVerifier } from './tokens/verify.ts';
import { createTransport } from './transport/transport.ts';

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
}

/** A gateway that serves. */
export interface Gateway {
  /** Where callers reach it, with the port that was really bound. */
  readonly address: Address;
  readonly operationsAddress: Address;
  /** Stops accepting, lets what is going on finish for up to 30 s, then lets go of everything. */
  close(): Promise<void>;
}

const verifiedTokenBytes = 16 * 1024 * 1024;
const connectionsPerInstance = 512;
const drainTime = 30_000;

/**
 * Starts a gateway. The only place that knows every part.
 * Rejects, with nothing left running, with a ConfigError, a StoreError or the error of a listener.
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const {
    source,
    output = process.stdout,
    now = Date.now,
    clock = () => performance.now(),
    random = Math.random,
  } = options;
  const { policies = [] } = options;
  linkConfig(options.config, source, policies);
  const seconds = (): number => now() / 1000;

  const lines = new LineSink(output);
  const { level, format, exchanges } = options.config.log;
  const style = format === 'auto' ? (output.isTTY === true ? 'pretty' : 'json') : format;
  const log = createLogger({ level, format: style, exchanges, lines, now });
  const stores = await openStores(options.config.store);
  const servers: Server[] = [];
  try {
    const keys = await loadSigningKeys({ store: stores.keys, algorithm: options.config.oauth.signing, clock: seconds });

    // Bound before it is built: the issuer follows a port that the system chose. No request is read until the build,
    // which does not wait for anything, is over.
    const app = createApp();
    const server = createPublicServer(app, options.config.limits);
    servers.push(server);
    const address = await listen(server, options.config.listen.public);
    const config = applyPorts(options.config, { port: address.port });

    const registry = new InstanceRegistry();
    const responseCache = new ResponseCache({ maxBytes: config.cache.memory, maxBody: config.cache.entry, clock });
    const transport = createTransport({ connectionsPerInstance });
    const tunnels = createTunnels();
    const metrics = createMetrics({
      instances: function* () {
        for (const { service, state } of registry.list()) {
          yield { service, instance: state.instance.id, reachable: state.reachable, inFlight: state.inFlight };
        }
      },
      cache: () => ({ bytes: responseCache.bytes, entries: responseCache.size }),
      linesDropped: () => lines.dropped,
    });
    const {
      issuer,
      oauth: { audience, scopes, clients, accessTokenLifetime },
    } = config;
    const verifier = createTokenVerifier({
      issuer,
      audience,
      keys,
      clock: seconds,
      memory: new BoundedMemory({ maxBytes: verifiedTokenBytes, clock: now }),
    });
    const oauth = createOAuth({
      issuer,
      audience,
      scopes: Object.keys(scopes),
      clients: createConfiguredClients(clients),
      keys,
      accessTokenLifetime,
      clock: seconds,
      log,
    });
    // A name of its own for each process: two gateways in a row are no loop, one gateway twice is.
    const pseudonym = `${config.name}-${randomBytes(4).toString('hex')}`;
    const plan = compilePlan(config, source, {
      policies,
      transport,
      tunnels,
      registry,
      responseCache,
      verifyToken: (token) => verifier.verify(token),
      pseudonym,
      clock,
      seconds,
      random,
      onRetry: (service) => metrics.retry(service),
      onReachability(service, { instance }, reachable, reason) {
        const fields = { service, instance: instance.id };
        if (reachable) log.info('instance can be reached again', fields);
        else log.warn('instance cannot be reached', { ...fields, reason: reason?.message });
      },
    });
    let ready = true;
    mountLayers(app, {
      intake: {
        limits: config.limits,
        pseudonym,
        traces: createTraceContext(),
        clock,
        onBegin: () => metrics.begin(),
        onEnd(exchange, end) {
          metrics.end(exchange, end);
          log.exchange(exchange, end);
        },
      },
      limitAddress: createAddressLimiter(config.limits.address, clock),
      oauth(request, response, next) {
        const exchange = exchangeOf(request);
        if (!oauth.handles(exchange.target.path)) return next();
        exchange.route = 'oauth';
        response.setHeader('X-Request-Id', exchange.id);
        oauth.router(request, response, next);
      },
      currentPlan: () => plan,
      log,
    });
    const operations = createPublicServer(createOperationsApp({ metrics, isReady: () => ready }), config.limits);
    servers.push(operations);
    const operationsAddress = await listen(operations, config.listen.operations);
    log.info('garita is ready', {
      listening: urlOf(address),
      issuer,
      operations: urlOf(operationsAddress),
      routes: plan.routes.length,
    });

    return {
      address,
      operationsAddress,
      async close() {
        ready = false;
        log.info('garita is stopping');
        tunnels.close();
        await drain(server);
        plan.close();
        await Promise.all([transport.close(), drain(operations), stores.close()]);
        log.info('garita has stopped');
        await lines.close();
      },
    };
  } catch (error) {
    for (const server of servers) server.close();
    await stores.close();
    throw error;
  }
}

function createAddressLimiter(limits: Config['limits']['address'], clock: () => number): RequestHandler | undefined {
  if (limits === false) return undefined;
  return createLimiter({
    name: 'address',
    limit: limits.limit,
    window: limits.per,
    keyOf: ({ address }) => address,
    counters: createMemoryCounterStore({ clock }),
    clock,
    announce: false,
  });
}

function listen(server: Server, { host, port }: Address): Promise<Address> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      const bound = server.address();
      resolve({ host, port: typeof bound === 'object' && bound !== null ? bound.port : port });
    });
  });
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // Node ends only what is idle at this moment: a connection that is kept after its last answer would hold on for long.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const patience = setTimeout(() => server.closeAllConnections(), drainTime);
  await closed;
  clearInterval(sweep);
  clearTimeout(patience);
}

const urlOf = ({ host, port }: Address): string => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
