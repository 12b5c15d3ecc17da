import fc from 'fast-check';
import { formatExchangeJson } from '../../src/telemetry/exchange-line.ts';
import { makeExchange, makePrincipal } from '../model/make-exchange.ts';

const now = '2026-11-21T12:00:00.000Z';
const end = { status: 200, bytes: 12, complete: true, ms: 1.2345 };

test('an exchange that got nowhere has the least', () => {
  expect(JSON.parse(formatExchangeJson(makeExchange({ path: '/a' }), end, now))).toEqual({
    time: now,
    level: 'info',
    message: 'exchange',
    id: 'request-1',
    trace: 'a'.repeat(32),
    address: '192.0.2.1',
    method: 'GET',
    host: 'api.example.com',
    path: '/a',
    status: 200,
    bytes: 12,
    ms: 1.23,
    attempts: 0,
  });
});

test('and one that went all the way has it all', () => {
  const exchange = makeExchange({ path: '/a', query: '?access_token=secret', principal: makePrincipal() });
  Object.assign(exchange, {
    route: 'customers.read',
    service: 'customers',
    instance: '[::1]:7101',
    attempts: 2,
    upstreamMs: 0.5,
    cache: 'fwd=miss; stored',
    limit: 'client',
    errorCode: 'GW_UPSTREAM_FAILED',
    token: 'secret',
  });
  const line = formatExchangeJson(exchange, { ...end, complete: false }, now);
  expect(JSON.parse(line)).toMatchObject({
    client: 'storefront',
    subject: 'ana',
    route: 'customers.read',
    service: 'customers',
    instance: '[::1]:7101',
    upstreamMs: 0.5,
    attempts: 2,
    cache: 'fwd=miss; stored',
    limit: 'client',
    error: 'GW_UPSTREAM_FAILED',
    complete: false,
  });
  expect(line).not.toContain('secret');
});

test('whatever a caller writes, the line is one line of JSON that says it back', () => {
  const hostile = fc.string({
    unit: fc.oneof(
      fc.constantFrom('"', '\\', '\n', '\u0000', '\u001b', '\u2028', '\u007f', '\ud800'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
  });
  fc.assert(
    fc.property(
      fc.record({ id: hostile, host: hostile, path: hostile, address: hostile, method: hostile }),
      hostile,
      (said, subject) => {
        const principal = makePrincipal({ subject, clientId: subject });
        const line = formatExchangeJson(makeExchange({ ...said, principal }), end, now);
        expect(line.includes('\n')).toBe(false);
        expect(JSON.parse(line)).toMatchObject({ ...said, subject, client: subject, status: 200 });
      },
    ),
  );
});
