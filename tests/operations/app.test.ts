import express from 'express';
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
  const adminApi = express.Router();
  adminApi.get('/keys', (_request, response) => void response.json({ items: [] }));
  return { state, api: request(createOperationsApp({ metrics, isReady: () => state.ready, adminApi })) };
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

test('the admin API is below /admin, and never stored', async () => {
  const answer = await createApp().api.get('/admin/keys');
  expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
});

test('anything else is not here', async () => {
  const { api } = createApp();
  const answer = await api.get('/');
  expect([answer.status, answer.text]).toEqual([404, 'there are /livez, /readyz, /metrics and /admin here\n']);
  expect((await api.post('/livez')).status).toBe(404);
  expect((await api.get('/keys')).status).toBe(404);
});
