import { randomUUID } from 'node:crypto';
import { createTraceContext } from '../../src/telemetry/trace-context.ts';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const parent = '00f067aa0ba902b7';
const fresh = '0b87fc8e-52a9-4ab1-9d3c-1f6f8b2d7a10';
const form = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

test.each(['00', '01'])("the caller's trace goes on under a new parent, with its flags %s", (flags) => {
  const next = createTraceContext().continue(`00-${trace}-${parent}-${flags}`, fresh);
  expect(next).toMatch(form);
  expect(next.startsWith(`00-${trace}-`)).toBe(true);
  expect(next.endsWith(`-${flags}`)).toBe(true);
  expect(next).not.toContain(parent);
});

test.each([
  undefined,
  '',
  'nonsense',
  `01-${trace}-${parent}-01`,
  `00-${trace.toUpperCase()}-${parent}-01`,
  `00-${'0'.repeat(32)}-${parent}-01`,
  `00-${trace}-${'0'.repeat(16)}-01`,
  `00-${trace}-${parent}-01-more`,
  `00-${trace}-${parent}-01\n`,
  ` 00-${trace}-${parent}-01`,
  `00-${trace}-${parent}`,
])('without a valid one (%j) a new trace begins, not sampled', (received) => {
  const next = createTraceContext().continue(received, fresh);
  expect(next).toMatch(form);
  expect(next.slice(3, 35)).toBe(fresh.replaceAll('-', ''));
  expect(next.endsWith('-00')).toBe(true);
});

test('parents differ from request to request and from process to process', () => {
  const processes = [createTraceContext(), createTraceContext()];
  const parents = Array.from({ length: 2_000 }, (_, turn) =>
    processes[turn % 2]!.continue(undefined, randomUUID()).slice(36, 52),
  );
  expect(new Set(parents).size).toBe(parents.length);
});
