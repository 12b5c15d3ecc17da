import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Exchange } from '../model/exchange.ts';
import type { ExchangeEnd } from './exchange-line.ts';
import { type MetricSources, observeAtScrape } from './scraped-gauges.ts';
import { TallyCounter, TallyHistogram } from './tallies.ts';

/** The gateway's numbers, in the text format of Prometheus. */
export interface Metrics {
  begin(): void;
  /** Counts an exchange that is over. */
  end(exchange: Exchange, end: ExchangeEnd): void;
  retry(service: string): void;
  /** Counts a WebSocket that stands from now on; its end is the end of its exchange. */
  tunnel(exchange: Exchange): void;
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Up to a day. */
const tunnelBuckets = [1, 10, 60, 300, 900, 3_600, 14_400, 86_400];
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Makes the metrics. Labels are bounded: routes, services and codes by name, never a path or an address. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new TallyCounter({
    name: 'garita_requests_total',
    help: 'Requests by route, method and status; the route is "none" where none matched, "oauth" for the token endpoints.',
    labelNames: ['route', 'service', 'method', 'status'],
    registers,
  });
  const durations = new TallyHistogram(
    'garita_request_duration_seconds',
    'From the first line of a request to the last byte of its reply.',
    buckets,
    registry,
  );
  const upstream = new TallyHistogram(
    'garita_upstream_duration_seconds',
    'From the start of the last attempt to the head of its answer.',
    buckets,
    registry,
  );
  const errors = new Counter({
    name: 'garita_errors_total',
    help: 'Requests that the gateway ended itself, by the code of the error.',
    labelNames: ['code'],
    registers,
  });
  const retries = new Counter({
    name: 'garita_retries_total',
    help: 'Attempts after the first.',
    labelNames: ['service'],
    registers,
  });
  const tunnels = new TallyCounter({
    name: 'garita_tunnels_total',
    help: 'WebSockets that were opened.',
    labelNames: ['route', 'service'],
    registers,
  });
  const tunnelDurations = new TallyHistogram(
    'garita_tunnel_duration_seconds',
    'From the first line of the handshake to the end of the WebSocket.',
    tunnelBuckets,
    registry,
  );
  const tunnelsOpen = new Gauge({
    name: 'garita_tunnels_open',
    help: 'WebSockets that are open.',
    labelNames: ['service'],
    registers,
  });
  const cache = new TallyCounter({
    name: 'garita_cache_requests_total',
    help: 'Requests of routes with a cache, by what the cache did.',
    labelNames: ['route', 'result'],
    registers,
  });
  let inFlight = 0;
  new Gauge({
    name: 'garita_requests_in_flight',
    help: 'Requests that are going on.',
    registers,
    collect() {
      this.set(inFlight);
    },
  });
  observeAtScrape(sources, registers);

  const ofRequest = remember((key) => {
    const [route = '', service = '', method = '', status = ''] = key.split(' ');
    return requests.open({ route, service, method, status });
  });
  const ofRoute = remember((route) => durations.open({ route }));
  const ofTunnels = remember((route) => tunnelDurations.open({ route }));
  const ofTunnel = remember((key) => {
    const [route = '', service = ''] = key.split(' ');
    return tunnels.open({ route, service });
  });
  const ofService = remember((service) => upstream.open({ service }));
  const ofCache = remember((key) => {
    const [route = '', result = ''] = key.split(' ');
    return cache.open({ route, result });
  });

  return {
    begin() {
      inFlight += 1;
    },
    end(exchange, end) {
      inFlight -= 1;
      const { route = 'none', service = 'none', upstreamMs, errorCode } = exchange;
      const method = methods.has(exchange.method) ? exchange.method : 'other';
      ofRequest(`${route} ${service} ${method} ${end.status}`).value += 1;
      // A WebSocket lasts as long as its caller likes: among requests it would only blur the picture.
      if (exchange.tunnelled) {
        tunnelsOpen.dec({ service });
        ofTunnels(route).observe(end.ms / 1000);
      } else ofRoute(route).observe(end.ms / 1000);
      if (upstreamMs !== undefined) ofService(service).observe(upstreamMs / 1000);
      if (errorCode !== undefined) errors.inc({ code: errorCode });
      if (exchange.cache !== undefined) ofCache(`${route} ${/^(?:fwd=)?(\w+)/.exec(exchange.cache)![1]}`).value += 1;
    },
    retry: (service) => retries.inc({ service }),
    tunnel({ route = 'none', service = 'none' }) {
      tunnelsOpen.inc({ service });
      ofTunnel(`${route} ${service}`).value += 1;
    },
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

/** Makes something for a key once. */
function remember<Value>(create: (key: string) => Value): (key: string) => Value {
  const values = new Map<string, Value>();
  return (key) => {
    let value = values.get(key);
    if (value === undefined) {
      value = create(key);
      values.set(key, value);
    }
    return value;
  };
}
