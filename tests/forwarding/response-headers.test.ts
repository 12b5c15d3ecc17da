import { buildResponseHeaders } from '../../src/forwarding/response-headers.ts';

const build = (headers: readonly string[], status = 200) =>
  buildResponseHeaders({ status, headers }, 'http://127.0.0.1:7101', undefined);

test('what the instance said keeps its order, its case and its duplicates', () => {
  const said = [
    'Content-Type',
    'text/plain',
    'SET-COOKIE',
    'a=1',
    'Set-Cookie',
    'b=2',
    'X-Instance',
    'one',
    'Via',
    '1.1 x',
  ];
  expect(build(said)).toEqual(said);
});

test('what is meant for one connection ends here, and so does what Connection nominates', () => {
  const out = build([
    ...[
      'Connection',
      'keep-alive, X-Hop',
      'Keep-Alive',
      'timeout=5',
      'Transfer-Encoding',
      'chunked',
      'Trailer',
      'X-Sum',
    ],
    ...['Upgrade', 'h2c', 'Proxy-Authenticate', 'Basic', 'x-hop', '1', 'X-Stays', '2'],
  ]);
  // Whether trailers can be sent is for the edge to say.
  expect(out).toEqual(['Trailer', 'X-Sum', 'X-Stays', '2']);
});

test('the request id is the gateway’s to say, and a nomination cannot change the framing', () => {
  const out = build([
    'X-Request-Id',
    'theirs',
    'Connection',
    'Content-Length, Cache-Control',
    'Content-Length',
    '5',
    'Cache-Control',
    'private',
  ]);
  expect(out).toEqual(['Content-Length', '5', 'Cache-Control', 'private']);
});

test('204 has no length: a caller who waited for a body would take the next reply for it', () => {
  expect(build(['content-length', '5', 'X-A', '1'], 204)).toEqual(['X-A', '1']);
  expect(build(['Content-Length', '5'], 304)).toEqual(['Content-Length', '5']);
});
