import type * as https from 'node:https';
import type { Address, Config } from './config/schema.ts';
import { acceptHttp2 } from './edge/accept-http2.ts';
import { createApp } from './edge/app.ts';
import { createCertificateReader } from './edge/caller-certificate.ts';
import { describeHsts } from './edge/hsts.ts';
import type { IntakeOptions } from './edge/intake.ts';
import { type Listener, openListener } from './edge/listener.ts';
import type { PublicTls } from './edge/public-tls.ts';
import { createRedirectApp } from './edge/redirect-app.ts';
import { createHttpServer } from './edge/server.ts';
import { createProxyTrust } from './edge/trusted-proxies.ts';
import type { OAuth } from './oauth/index.ts';
import type { Plan } from './plan/plan.ts';
import type { Logger } from './telemetry/logger.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { createTraceContext } from './telemetry/trace-context.ts';

/** What callers are served with. */
export interface CallerParts {
  readonly config: Config;
  readonly address: Address;
  /** Where plain requests are sent on from, if anywhere. */
  readonly redirectAddress: Address | undefined;
  readonly publicTls: PublicTls | undefined;
  readonly oauth: OAuth;
  readonly currentPlan: () => Plan;
  /** What this gateway calls itself in `Via`. */
  readonly pseudonym: string;
  readonly metrics: Metrics;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  readonly log: Logger;
}

/** Opens everything that callers reach, as one listener. Rejects with the error of `listen`; nothing is open then. */
export async function openCallers(parts: CallerParts): Promise<Listener> {
  const { config, address, redirectAddress, publicTls, oauth, currentPlan, log } = parts;
  const { limits, listen, issuer } = config;
  const intake = describeIntake(parts);
  const httpsOnly = listen.https === 'required' && (publicTls === undefined || listen.trustedProxies !== undefined);
  const app = createApp({ intake, addressLimit: limits.address, httpsOnly, oauth, currentPlan, log });
  const server = createHttpServer(app, limits, publicTls?.options);
  const http2 = listen.tls?.http2 ? acceptHttp2(server as https.Server, app, limits) : undefined;
  const main = await openListener(server, address, http2);
  const stopWatching = publicTls?.keepFresh(server as https.Server);
  let redirect: Listener | undefined;
  const close = async (): Promise<void> => {
    stopWatching?.();
    await Promise.all([main.close(), redirect?.close()]);
  };
  if (redirectAddress === undefined) return { close };

  try {
    const redirectApp = createRedirectApp({ intake, addressLimit: limits.address, issuer, log });
    redirect = await openListener(createHttpServer(redirectApp, limits), redirectAddress);
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
}

function describeIntake({ config, pseudonym, metrics, clock, log }: CallerParts): IntakeOptions {
  const { limits, listen } = config;
  return {
    limits,
    pseudonym,
    traces: createTraceContext(),
    proxies: listen.trustedProxies && createProxyTrust(listen.trustedProxies),
    certificateOf: listen.tls?.clientCertificates && createCertificateReader(),
    hsts: describeHsts(listen.hsts),
    clock,
    onBegin: () => metrics.begin(),
    onEnd(exchange, end) {
      metrics.end(exchange, end);
      log.exchange(exchange, end);
    },
  };
}
