import { emptyBody } from '../../../src/model/body-source.ts';
import { compileCompressible } from '../../../src/policies/compress/compressible.ts';

const ask = (headers: string[], { status = 200, types = ['text/*', 'application/json', 'application/*+json'] } = {}) =>
  compileCompressible(types, 1000)({ status, headers, body: emptyBody });
const text = ['Content-Type', 'text/plain'];

test.each([
  ['a named type', ['Content-Type', 'Application/JSON ; charset=utf-8']],
  ['a type by its suffix', ['content-type', 'application/problem+json']],
  ['any text', text],
  ['long enough', [...text, 'Content-Length', '1000']],
])('is: %s', (_, headers) => {
  expect(ask(headers)).toBe(true);
});

test.each([
  ['of no type', []],
  ['another type', ['Content-Type', 'image/png']],
  ['a type that only begins alike', ['Content-Type', 'application/json-seq']],
  ['a type that only ends alike', ['Content-Type', 'x-application/json']],
  ['an event stream', ['Content-Type', 'text/event-stream']],
  ['too short', [...text, 'Content-Length', '999']],
  ['coded already', [...text, 'Content-Encoding', 'gzip']],
  ['a part', [...text, 'Content-Range', 'bytes 0-9/10']],
  ['a proof of its bytes', [...text, 'Repr-Digest', 'sha-256=:AAAA:']],
  ['an old proof of its bytes', [...text, 'Content-MD5', 'AAAA']],
  ['not to be changed', [...text, 'Cache-Control', 'max-age=1, No-Transform']],
])('is not: %s', (_, headers) => {
  expect(ask(headers)).toBe(false);
});

test.each([204, 205, 206, 304])('is not: a reply with status %d', (status) => {
  expect(ask(text, { status })).toBe(false);
});

test('an event stream is when it is named itself', () => {
  expect(ask(['Content-Type', 'text/event-stream'], { types: ['text/event-stream'] })).toBe(true);
});
