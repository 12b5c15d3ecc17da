import type { IncomingMessage } from 'node:http';
import { readHead } from '../../src/edge/head.ts';
import { GatewayError } from '../../src/errors/gateway-error.ts';

const read = (headers: string[], minor = 1, authority?: string) =>
  readHead({ rawHeaders: headers, httpVersionMajor: 1, httpVersionMinor: minor } as IncomingMessage, authority);

const codeOf = (headers: string[], minor = 1): string => {
  try {
    return `accepted: ${JSON.stringify(read(headers, minor))}`;
  } catch (error) {
    return error instanceof GatewayError ? error.code : String(error);
  }
};

const host = ['Host', 'a.example'];

test('reads what decides framing and destination', () => {
  expect(
    read(['HOST', 'A.Example:8080', 'content-length', '12', 'Via', '1.1 a', 'via', '1.1 b', 'traceparent', 't']),
  ).toEqual({
    host: 'a.example:8080',
    length: 12,
    chunked: false,
    traceparent: 't',
    via: ['1.1 a', '1.1 b'],
    expectsContinue: false,
  });
});

test('the authority of the target beats Host, which still has to be there', () => {
  expect(read(host, 1, 'B.example').host).toBe('b.example');
  expect(codeOf([])).toBe('GW_BAD_HOST');
});

test('chunked is the one coding that is understood', () => {
  expect(read([...host, 'Transfer-Encoding', 'Chunked'])).toMatchObject({ chunked: true, length: undefined });
});

test.each(['a.example', 'a', 'a_b.example', '127.0.0.1:80', '[::1]', '[::1]:8080', 'a.example.'])(
  'Host: %s',
  (value) => {
    expect(read(['Host', value]).host).toBe(value);
  },
);

test.each([
  '',
  ' ',
  'a b',
  'a/b',
  'a:b',
  'a@b',
  'user@a.example',
  'a,b',
  '-a',
  'a:123456',
  '[::1',
  'a?b',
  'a#b',
  'ä.example',
  'a"b',
])('Host: %s is refused', (value) => {
  expect(codeOf(['Host', value])).toBe('GW_BAD_HOST');
});

test.each([
  [['Content-Length', '1', 'Content-Length', '1']],
  [['Content-Length', '1', 'content-length', '2']],
  [['Content-Length', '1, 1']],
  [['Content-Length', '+1']],
  [['Content-Length', '-1']],
  [['Content-Length', '0x1']],
  [['Content-Length', '']],
  [['Content-Length', '1 ']],
  [['Content-Length', '9999999999999999']],
  [['Content-Length', '1', 'Transfer-Encoding', 'chunked']],
  [['Transfer-Encoding', 'chunked', 'Content-Length', '0']],
  [['Transfer-Encoding', '']],
  [['Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'chunked']],
])('%j can be framed in two ways', (headers) => {
  expect(codeOf([...host, ...headers])).toBe('GW_BAD_REQUEST');
});

test('HTTP/1.0 has no transfer codings', () => {
  expect(codeOf([...host, 'Transfer-Encoding', 'chunked'], 0)).toBe('GW_BAD_REQUEST');
});

test.each(['gzip', 'gzip, chunked', 'chunked, chunked', 'identity', 'xchunked', 'chunked;q=1'])(
  'Transfer-Encoding: %s is not implemented',
  (value) => {
    expect(codeOf([...host, 'Transfer-Encoding', value])).toBe('GW_NOT_IMPLEMENTED');
  },
);

test.each([[['Host', 'a', 'Host', 'a']], [['Host', 'a', 'host', 'b']]])('%j: more than one Host', (headers) => {
  expect(codeOf(headers)).toBe('GW_BAD_HOST');
});
