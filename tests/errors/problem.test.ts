import { STATUS_CODES } from 'node:http';
import { type ErrorCode, errorCodes } from '../../src/errors/codes.ts';
import { GatewayError } from '../../src/errors/gateway-error.ts';
import { describeProblem, problemMediaType } from '../../src/errors/problem.ts';

const codes = Object.keys(errorCodes) as ErrorCode[];

test('a problem has the members of RFC 9457, the code and the request id', () => {
  expect(problemMediaType).toBe('application/problem+json');
  expect(describeProblem(new GatewayError('GW_NO_ROUTE'), 'r-1')).toEqual({
    type: 'urn:garita:problem:no-route',
    title: 'Not Found',
    status: 404,
    detail: 'No route matches this request.',
    code: 'GW_NO_ROUTE',
    requestId: 'r-1',
  });
});

test.each(codes)('%s has a status that Node knows, a sentence and a URN', (code) => {
  const { type, title, status, detail } = describeProblem(new GatewayError(code), 'r');
  expect(type).toMatch(/^urn:garita:problem:[a-z]+(-[a-z]+)*$/);
  expect(title).toBe(STATUS_CODES[status]);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(detail).toMatch(/^[A-Z].*\.$/);
});

test('codes have types of their own', () => {
  expect(new Set(codes.map((code) => describeProblem(new GatewayError(code), 'r').type)).size).toBe(codes.length);
});

test('members go along but override nothing', () => {
  const members = { type: 'x', title: 'x', status: 200, detail: 'x', code: 'x', requestId: 'x', scope: 'a b' };
  const problem = describeProblem(new GatewayError('GW_FORBIDDEN', { members }), 'r-1');
  expect(problem).toEqual({ ...describeProblem(new GatewayError('GW_FORBIDDEN'), 'r-1'), scope: 'a b' });
});

test('the cause and the headers stay out of the document', () => {
  const error = new GatewayError('GW_UPSTREAM_FAILED', {
    detail: 'Public words.',
    cause: new Error('10.0.0.1 refused'),
    headers: ['Retry-After', '1'],
  });
  expect(JSON.stringify(describeProblem(error, 'r'))).not.toMatch(/10\.0\.0\.1|Retry-After|stack/);
  expect(describeProblem(error, 'r').detail).toBe('Public words.');
  expect(error).toMatchObject({ name: 'GatewayError', status: 502, headers: ['Retry-After', '1'] });
  expect((error.cause as Error).message).toBe('10.0.0.1 refused');
});

test('an error without a cause has none', () => {
  expect('cause' in new GatewayError('GW_INTERNAL')).toBe(false);
});
