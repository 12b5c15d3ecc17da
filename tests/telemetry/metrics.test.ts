import { createMetrics } from '../../src/telemetry/metrics.ts';
import type { MetricSources } from '../../src/telemetry/scraped-gauges.ts';
import { type Given, makeExchange } from '../model/make-exchange.ts';

const sources: MetricSources = {
  instances: () => [
    { service: 's', state: { instance: { id: '[::1]:1' }, reachable: true, inFlight: 3 } },
    { service: 's', state: { instance: { id: 'h:2' }, reachable: false, inFlight: 0 } },
  ],
  cache: () => ({ bytes: 1_234, entries: 5 }),
  linesDropped: () => 7,
};
const end = { status: 200, bytes: 0, complete: true, ms: 20 };

const sampleForm =
  /^([a-zA-Z_:][\w:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (N[aA][nN]|[+-]?Inf|[-+]?[\d.]+(?:e[-+]?\d+)?)$/;

/** Reads the text format of Prometheus, strictly. Gives the values of Garita's own samples. */
async function read(metrics: ReturnType<typeof createMetrics>) {
  const { text } = await metrics.render();
  const typed = new Set<string>();
  const values: Record<string, number> = {};
  for (const line of text.split('\n').filter((it) => it !== '')) {
    if (line.startsWith('# TYPE ')) typed.add(line.split(' ')[2]!);
    if (line.startsWith('#')) {
      expect(line).toMatch(/^# (HELP [\w:]+ .+|TYPE [\w:]+ (counter|gauge|histogram|summary))$/);
      continue;
    }
    const [, name = '', labels = '', value] = sampleForm.exec(line) ?? [];
    expect({ line, valid: value !== undefined }).toEqual({ line, valid: true });
    expect([...typed]).toContain(typed.has(name) ? name : name.replace(/_(bucket|sum|count)$/, ''));
    if (name.startsWith('garita_')) values[name + labels] = Number(value);
  }
  return values;
}

const finish = (given: Given & Record<string, unknown>, facts: object = {}) =>
  [Object.assign(makeExchange(given), facts), { ...end, ...facts }] as const;

test('counts exchanges and how long they took', async () => {
  const metrics = createMetrics(sources);
  for (let turn = 0; turn < 3; turn++) metrics.begin();
  metrics.end(...finish({}, { route: 'r', service: 's', upstreamMs: 4 }));
  metrics.end(...finish({}, { route: 'r', service: 's', status: 502, errorCode: 'GW_UPSTREAM_FAILED', ms: 6_000 }));
  metrics.retry('s');
  const values = await read(metrics);
  expect(values).toMatchObject({
    'garita_requests_total{route="r",service="s",method="GET",status="200"}': 1,
    'garita_requests_total{route="r",service="s",method="GET",status="502"}': 1,
    'garita_request_duration_seconds_bucket{le="0.01",route="r"}': 0,
    'garita_request_duration_seconds_bucket{le="0.025",route="r"}': 1,
    'garita_request_duration_seconds_bucket{le="5",route="r"}': 1,
    'garita_request_duration_seconds_bucket{le="+Inf",route="r"}': 2,
    'garita_request_duration_seconds_count{route="r"}': 2,
    'garita_upstream_duration_seconds_count{service="s"}': 1,
    'garita_upstream_duration_seconds_bucket{le="0.005",service="s"}': 1,
    'garita_errors_total{code="GW_UPSTREAM_FAILED"}': 1,
    'garita_retries_total{service="s"}': 1,
    garita_requests_in_flight: 1,
  });
  expect(values['garita_request_duration_seconds_sum{route="r"}']).toBeCloseTo(6.02);
});

test.each([
  ['hit; ttl=30', 'hit'],
  ['fwd=miss', 'miss'],
  ['fwd=miss; stored', 'miss'],
  ['fwd=request; stored', 'request'],
  ['fwd=bypass', 'bypass'],
])('the cache said %s: counted as %s', async (cache, result) => {
  const metrics = createMetrics(sources);
  metrics.end(...finish({}, { route: 'r', service: 's', cache }));
  expect(await read(metrics)).toMatchObject({ [`garita_cache_requests_total{route="r",result="${result}"}`]: 1 });
});

test('no caller can make a label', async () => {
  const metrics = createMetrics(sources);
  for (let turn = 0; turn < 50; turn++) {
    metrics.end(...finish({ method: `M${turn}`, path: `/${turn}`, host: `h${turn}`, address: `192.0.2.${turn}` }));
  }
  const values = await read(metrics);
  expect(Object.keys(values).filter((name) => name.startsWith('garita_requests_total'))).toEqual([
    'garita_requests_total{route="none",service="none",method="other",status="200"}',
  ]);
});

test('reads the rest at the moment of a scrape', async () => {
  const reachable = { value: true };
  const metrics = createMetrics({
    ...sources,
    instances: () => [{ service: 's', state: { instance: { id: 'h:1' }, reachable: reachable.value, inFlight: 3 } }],
  });
  expect(await read(metrics)).toMatchObject({
    'garita_instance_up{service="s",instance="h:1"}': 1,
    'garita_instance_in_flight{service="s",instance="h:1"}': 3,
    garita_cache_bytes: 1_234,
    garita_cache_entries: 5,
    garita_log_lines_dropped: 7,
  });
  reachable.value = false;
  expect(await read(metrics)).toMatchObject({ 'garita_instance_up{service="s",instance="h:1"}': 0 });
});

test('a WebSocket counts from when it stands to its end, and not as a request that took long', async () => {
  const metrics = createMetrics(sources);
  const open = () => Object.assign(makeExchange(), { route: 'r', service: 's', tunnelled: true });
  const [first, second] = [open(), open()];
  for (const exchange of [first, second]) metrics.tunnel(exchange);
  metrics.end(first, { ...end, status: 101, ms: 90_000 });
  const values = await read(metrics);
  expect(values).toMatchObject({
    'garita_tunnels_open{service="s"}': 1,
    'garita_tunnels_total{route="r",service="s"}': 2,
    'garita_tunnel_duration_seconds_bucket{le="60",route="r"}': 0,
    'garita_tunnel_duration_seconds_bucket{le="300",route="r"}': 1,
    'garita_requests_total{route="r",service="s",method="GET",status="101"}': 1,
  });
  expect(values).not.toHaveProperty(['garita_request_duration_seconds_count{route="r"}']);
});

test('an instance that is gone is not told any more', async () => {
  const all = [...sources.instances()];
  const metrics = createMetrics({ ...sources, instances: () => all });
  expect(await read(metrics)).toHaveProperty(['garita_instance_up{service="s",instance="h:2"}'], 0);
  all.pop();
  expect(await read(metrics)).not.toHaveProperty(['garita_instance_up{service="s",instance="h:2"}']);
});

test('has the content type of the text format, and two gateways in one process do not share', async () => {
  const one = createMetrics(sources);
  const other = createMetrics(sources);
  one.begin();
  expect((await one.render()).contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  expect((await read(other)).garita_requests_in_flight).toBe(0);
});
