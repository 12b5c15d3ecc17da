import request from 'supertest';
import { createOperationsApp } from '../../src/operations/app.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';

function createApp() {
  const state = { ready: true };
  const metrics = createMetrics({
    instances: () => [],
    cache: () => ({ bytes: 0, entries: 0 }),
    linesDropped: () => 7,
  });
  return { state, api: request(createOperationsApp({ metrics, isReady: () => state.ready })) };
}

test('it lives, and is ready until it stops', async () => {
  const { state, api } = createApp();
  expect((await api.get('/livez')).text).toBe('ok\n');
  expect((await api.get('/readyz')).status).toBe(200);
  state.ready = false;
  const stopping = await api.get('/readyz');
  expect([stopping.status, stopping.text, stopping.headers['cache-control']]).toEqual([503, 'stopping\n', 'no-store']);
  expect((await api.get('/livez')).status).toBe(200);
});

test('metrics are text that Prometheus reads', async () => {
  const answer = await createApp().api.get('/metrics');
  expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(answer.text).toContain('\ngarita_log_lines_dropped 7\n');
});

test('anything else is not here', async () => {
  const { api } = createApp();
  expect((await api.get('/')).status).toBe(404);
  expect((await api.post('/livez')).status).toBe(404);
});
