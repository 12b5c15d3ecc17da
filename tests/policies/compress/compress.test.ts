import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { bodyOf, emptyBody } from '../../../src/model/body-source.ts';
import type { Forward } from '../../../src/model/exchange.ts';
import { headerOf, headersOf } from '../../../src/model/headers.ts';
import { compress } from '../../../src/policies/compress/compress.ts';
import type { PolicyContext } from '../../../src/policies/policy.ts';
import { type Given, makeExchange } from '../../model/make-exchange.ts';

const json = ['Content-Type', 'application/json'];
const content = JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id })));

/** Sends a request through the policy to a service that knows conditions. */
async function send(accept: string, given: { headers?: string[]; reply?: string[]; options?: object } & Given = {}) {
  const { headers = [], reply = [], options = {}, ...rest } = given;
  const seen: (readonly string[])[] = [];
  const service: Forward = async (exchange) => {
    seen.push(exchange.headers);
    const fields = [...json, 'Content-Length', String(content.length), ...reply];
    const tag = headerOf(reply, 'etag');
    if (tag !== undefined && headersOf(exchange.headers, 'if-none-match').some((list) => list.includes(tag)))
      return { status: 304, headers: ['ETag', tag], body: emptyBody };
    return {
      status: 200,
      headers: fields,
      body: exchange.method === 'HEAD' ? emptyBody : bodyOf(Buffer.from(content)),
    };
  };
  const { wrap } = compress.create(compress.options.parse(options), {} as PolicyContext);
  const exchange = makeExchange({ ...rest, headers: ['Accept-Encoding', accept, ...headers] });
  const answer = await wrap!(service)(exchange);
  const chunks: Buffer[] = [];
  await new Promise<void>((end, error) =>
    answer.body.start({ data: (chunk) => void chunks.push(chunk), end: () => end(), error }),
  );
  return { ...answer, bytes: Buffer.concat(chunks), seen, field: (name: string) => headerOf(answer.headers, name) };
}

test('gives the reply in the coding that the caller wants', async () => {
  const reply = await send('gzip, br;q=0.1', { reply: ['Accept-Ranges', 'bytes', 'X-Own', '1'] });
  expect(reply.headers).toEqual([...json, 'X-Own', '1', 'Content-Encoding', 'gzip', 'Vary', 'Accept-Encoding']);
  expect(gunzipSync(reply.bytes).toString()).toBe(content);
  expect(brotliDecompressSync((await send('br')).bytes).toString()).toBe(content);
});

test('says that the reply depends on the coding also to who gets it as it is', async () => {
  const reply = await send('identity', { reply: ['ETag', '"1"'] });
  expect(reply.headers).toEqual([
    ...json,
    'Content-Length',
    String(content.length),
    'ETag',
    '"1"',
    'Vary',
    'Accept-Encoding',
  ]);
  expect(reply.bytes.toString()).toBe(content);
});

test.each([
  ['Origin', ['Origin', 'Accept-Encoding']],
  ['origin, ACCEPT-encoding', ['origin, ACCEPT-encoding']],
  ['*', ['*']],
])('says it once: Vary: %s', async (vary, all) => {
  expect(headersOf((await send('gzip', { reply: ['Vary', vary] })).headers, 'vary')).toEqual(all);
});

test('HEAD tells what GET would', async () => {
  const [get, head] = [
    await send('gzip', { reply: ['ETag', '"1"'] }),
    await send('gzip', { method: 'HEAD', reply: ['ETag', '"1"'] }),
  ];
  expect(head.headers).toEqual(get.headers);
  expect(head.bytes).toHaveLength(0);
});

test('what is not worth it goes as it is', async () => {
  const reply = await send('gzip', { options: { from: '100kB' } });
  expect(reply.headers).toEqual([...json, 'Content-Length', String(content.length)]);
});

describe('a tag', () => {
  const tagged = { reply: ['ETag', '"v1"'] };

  test('is another one for each coding, and known again when it comes back', async () => {
    const first = await send('br', tagged);
    expect(first.field('etag')).toBe('"v1.garita-br"');
    const again = await send('br', { ...tagged, headers: ['If-None-Match', '"v0", "v1.garita-br"'] });
    expect(again.seen[0]).toEqual(['Accept-Encoding', 'br', 'If-None-Match', '"v0", "v1"']);
    expect(again).toMatchObject({ status: 304, headers: ['ETag', '"v1.garita-br"', 'Vary', 'Accept-Encoding'] });
  });

  test('of another coding does not stand for the one that is wanted now', async () => {
    const reply = await send('gzip', { ...tagged, headers: ['If-None-Match', '"v1.garita-br"'] });
    expect([reply.status, reply.field('etag')]).toEqual([200, '"v1.garita-gzip"']);
    const plain = await send('identity', { ...tagged, headers: ['If-None-Match', '"v1.garita-br"'] });
    expect([plain.status, plain.field('etag')]).toEqual([200, '"v1"']);
  });

  test('of the plain reply stays what it is to who has that one', async () => {
    const reply = await send('gzip', { ...tagged, headers: ['If-None-Match', '"v1"'] });
    expect([reply.status, reply.field('etag')]).toEqual([304, '"v1"']);
  });

  test('that is weak needs no other', async () => {
    const weak = { reply: ['ETag', 'W/"v1"'] };
    expect((await send('gzip', weak)).field('etag')).toBe('W/"v1"');
    const again = await send('gzip', { ...weak, headers: ['If-None-Match', 'W/"v1"'] });
    expect([again.status, again.field('etag')]).toEqual([304, 'W/"v1"']);
  });

  test('of a compressed reply is no reason to go on with a part of the plain one', async () => {
    const headers = ['Range', 'bytes=5-', 'If-Range', '"v1.garita-gzip"'];
    expect((await send('gzip', { ...tagged, headers })).seen[0]).toEqual(['Accept-Encoding', 'gzip', ...headers]);
  });
});

test.each([
  [{ codings: [] }],
  [{ codings: ['deflate'] }],
  [{ types: ['json'] }],
  [{ types: ['*/*'] }],
  [{ level: 0 }],
  [{ level: 7 }],
  [{ from: 5 }],
  [{ quality: 5 }],
])('refuses the options %j', (options) => {
  expect(compress.options.safeParse(options).success).toBe(false);
});
