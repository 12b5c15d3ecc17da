import { bodyOf } from '../../../src/model/body-source.ts';
import type { Exchange, Forward } from '../../../src/model/exchange.ts';
import { headerOf } from '../../../src/model/headers.ts';
import { cache } from '../../../src/policies/cache/cache.ts';
import { invalidate } from '../../../src/policies/cache/invalidate.ts';
import { ResponseCache } from '../../../src/policies/cache/response-cache.ts';
import type { PolicyContext } from '../../../src/policies/policy.ts';
import { type Given, makeExchange, makePrincipal } from '../../model/make-exchange.ts';
import { recordBody } from '../../model/record-body.ts';

let now = 0;
const clock = () => now;
beforeEach(() => {
  now = 1_000;
});

/** A route with a cache over a service that numbers its replies, and one that writes. */
function start({ shared = false, headers = [] as string[], status = 200, maxBody = 100 } = {}) {
  const responseCache = new ResponseCache({ maxBytes: 100_000, maxBody, clock });
  const route = { id: 'r', methods: undefined, params: new Set<string>(), isPublic: false };
  const context: Partial<PolicyContext> = { route, clock, gatewayName: 'garita', responseCache };
  const service = { asked: 0, status, headers, body: (count: number) => `reply ${count}` };
  const forward: Forward = async () => {
    service.asked += 1;
    return { status: service.status, headers: service.headers, body: bodyOf(Buffer.from(service.body(service.asked))) };
  };
  const wrap = cache.create(cache.options.parse({ fresh: '30s', shared }), context as PolicyContext).wrap!;
  const drop = (paths: string[]) =>
    invalidate.create(invalidate.options.parse({ paths }), context as PolicyContext).wrap!;

  async function send(given: Given = {}, through: Forward = wrap(forward)) {
    const exchange = makeExchange({ path: '/a', ...given });
    const reply = await through(exchange);
    const body = recordBody(reply.body).join('');
    return { reply, body, exchange, said: headerOf(reply.headers, 'cache-status') };
  }
  return { responseCache, service, forward, wrap, drop, send };
}

const principal = makePrincipal({ scopes: ['b', 'a'] });

test('asks the service once, and tells what it did', async () => {
  const { send, service } = start({ headers: ['ETag', '"1"', 'Age', '2'] });
  const first = await send();
  expect(first).toMatchObject({ body: 'reply 1<end>', said: 'garita; fwd=miss; stored' });
  expect(first.exchange.cache).toBe('fwd=miss; stored');
  now += 10_000;
  const second = await send();
  expect(second).toMatchObject({ body: 'reply 1<end>', said: 'garita; hit; ttl=20' });
  expect(second.reply.headers).toEqual(['ETag', '"1"', 'Age', '12', 'Cache-Status', 'garita; hit; ttl=20']);
  expect(second.exchange.cache).toBe('hit; ttl=20');
  now += 20_000;
  expect((await send()).body).toBe('reply 2<end>');
  expect(service.asked).toBe(2);
});

test('what is stored is not changed by what is sent', async () => {
  const { send } = start({ headers: ['ETag', '"1"'] });
  await send();
  await send();
  const third = await send();
  expect(third.reply.headers.filter((name) => name === 'Cache-Status')).toHaveLength(1);
  expect(third.reply.headers.filter((name) => name === 'Age')).toHaveLength(1);
});

test('a GET answers a later HEAD, but a HEAD is not kept', async () => {
  const { send } = start();
  expect((await send({ method: 'HEAD' })).said).toBe('garita; fwd=miss');
  await send();
  expect((await send({ method: 'HEAD' })).said).toBe('garita; hit; ttl=30');
});

describe('the key', () => {
  const isShared = async (a: Given, b: Given, shared = false) => {
    const { send } = start({ shared });
    await send(a);
    return (await send(b)).said!.includes('hit');
  };

  test.each<[string, Given]>([
    ['path', { path: '/b' }],
    ['a final slash', { path: '/a/' }],
    ['query', { query: '?x' }],
    ['host', { host: 'other.example.com' }],
    ['scheme', { scheme: 'https' }],
  ])('another %s is another reply', async (_, given) => {
    expect(await isShared({}, given)).toBe(false);
    expect(await isShared({}, given, true)).toBe(false);
  });

  test.each<[string, Parameters<typeof makePrincipal>[0]]>([
    ['subject', { subject: 'eva' }],
    ['client', { clientId: 'other' }],
    ['set of scopes', { scopes: ['a'] }],
  ])('another %s is another reply, unless it is shared', async (_, given) => {
    const other = makePrincipal({ ...principal, ...given });
    expect(await isShared({ principal }, { principal: other })).toBe(false);
    expect(await isShared({ principal }, { principal: other }, true)).toBe(true);
  });

  test('the same caller with a new token has the same reply, whatever the order of the scopes', async () => {
    expect(await isShared({ principal }, { principal: makePrincipal({ scopes: ['a', 'b'], tokenId: '2' }) })).toBe(
      true,
    );
  });

  test('nothing a caller chooses makes it another caller', async () => {
    expect(await isShared({ principal }, { query: '["ana","storefront",["a","b"]]' })).toBe(false);
    expect(await isShared({ principal }, { principal: makePrincipal({ subject: 'ana","storefront' }) })).toBe(false);
  });
});

describe('goes by the cache', () => {
  test.each<[string, Given]>([
    ['a write', { method: 'POST' }],
    ['a range', { headers: ['Range', 'bytes=0-1'] }],
    ['a read with a body', { body: 'x' }],
    ['no-store', { headers: ['Cache-Control', 'no-store'] }],
    ['credentials that the gateway has not verified', { headers: ['Authorization', 'Basic YTpi'] }],
  ])('%s', async (_, given) => {
    const { send, service } = start();
    expect((await send(given)).said).toBe('garita; fwd=bypass');
    await send(given);
    expect((await send()).said).toBe('garita; fwd=miss; stored');
    expect((await send(given)).said).toBe('garita; fwd=bypass');
    expect(service.asked).toBe(4);
  });

  test('verified ones do not', async () => {
    const { send } = start();
    const given = { principal, headers: ['Authorization', 'Bearer x'] };
    await send(given);
    expect((await send(given)).said).toBe('garita; hit; ttl=30');
  });
});

test.each(['no-cache', 'max-age=0'])(
  '%s asks for a new reply, which takes the place of the old one',
  async (directive) => {
    const { send } = start();
    await send();
    expect(await send({ headers: ['Cache-Control', directive] })).toMatchObject({
      body: 'reply 2<end>',
      said: 'garita; fwd=request; stored',
    });
    expect((await send()).body).toBe('reply 2<end>');
  },
);

describe('is not kept', () => {
  test.each([
    ['what the service forbids', { headers: ['Cache-Control', 'no-store'] }],
    ['an error', { status: 503 }],
    ['what declares to be too large', { headers: ['Content-Length', '101'] }],
    ['what turns out to be too large', { maxBody: 5 }],
  ])('%s', async (_, given) => {
    const { send } = start(given);
    await send();
    expect((await send()).body).toBe('reply 2<end>');
  });

  test('a reply that broke off', async () => {
    const { send, wrap } = start();
    const broken: Forward = async () => ({
      status: 200,
      headers: [],
      body: { ...bodyOf(Buffer.alloc(0)), start: (sink) => sink.error(new Error('cut')) },
    });
    expect((await send({}, wrap(broken))).body).toBe('<cut>');
    expect((await send()).body).toBe('reply 1<end>');
  });

  test('a failure, which reaches the caller', async () => {
    const { send, wrap } = start();
    await expect(
      send(
        {},
        wrap(() => Promise.reject(new Error('down'))),
      ),
    ).rejects.toThrow('down');
    expect((await send()).body).toBe('reply 1<end>');
  });
});

describe('If-None-Match (RFC 9110 §13.1.2)', () => {
  test.each([
    ['"1"', 304],
    ['W/"1"', 304],
    ['"0", "1"', 304],
    ['*', 304],
    ['"2"', 200],
    ['1', 200],
  ])('%s → %d', async (condition, status) => {
    const { send } = start({ headers: ['ETag', 'W/"1"', 'Content-Length', '7', 'Content-Type', 'text/plain'] });
    await send();
    const { reply, body } = await send({ headers: ['If-None-Match', condition] });
    expect(reply.status).toBe(status);
    expect(body).toBe(status === 304 ? '<end>' : 'reply 1<end>');
    expect(headerOf(reply.headers, 'etag')).toBe('W/"1"');
    expect(headerOf(reply.headers, 'content-length')).toBe(status === 304 ? undefined : '7');
  });

  test('means nothing for a reply without a tag', async () => {
    const { send } = start();
    await send();
    expect((await send({ headers: ['If-None-Match', '*'] })).reply.status).toBe(200);
  });
});

describe('invalidate', () => {
  const write = { method: 'PUT', params: { id: '7' } };

  test('a write that succeeded drops the paths that it names, with what it captured', async () => {
    const { send, drop, forward } = start();
    const through = drop(['/a/{id}/*', '/list'])(forward);
    for (const path of ['/a/7', '/a/7/status', '/a/8', '/list']) await send({ path });
    await send(write, through);
    const said = async (path: string) => (await send({ path })).said;
    expect(await said('/a/7')).toContain('miss');
    expect(await said('/a/7/status')).toContain('miss');
    expect(await said('/a/8')).toContain('hit');
    expect(await said('/list')).toContain('miss');
  });

  test.each([
    ['a write that failed', { ...write }, 409],
    ['a read', { ...write, method: 'GET' }, 200],
    ['OPTIONS', { ...write, method: 'OPTIONS' }, 200],
  ])('%s drops nothing', async (_, given, status) => {
    const { send, drop, forward, service } = start();
    await send({ path: '/a/7' });
    service.status = status;
    await send(given, drop(['/a/{id}'])(forward));
    service.status = 200;
    expect((await send({ path: '/a/7' })).said).toContain('hit');
  });

  test('a method that nobody knows counts as a write, and 303 as a success', async () => {
    const { send, drop, forward, service } = start();
    await send({ path: '/a/7' });
    service.status = 303;
    await send({ ...write, method: 'BREW' }, drop(['/a/{id}'])(forward));
    service.status = 200;
    expect((await send({ path: '/a/7' })).said).toContain('miss');
  });

  test('a read that a write has overtaken is given to its caller, but not kept', async () => {
    const { send, drop, forward, wrap } = start();
    const overtaken: Forward = async (exchange: Exchange) => {
      const reply = await forward(exchange);
      await send({ ...write, params: {} }, drop(['/a'])(forward));
      return reply;
    };
    expect((await send({}, wrap(overtaken))).body).toBe('reply 1<end>');
    expect(await send()).toMatchObject({ body: 'reply 3<end>', said: 'garita; fwd=miss; stored' });
  });

  test('captured text is taken as it is', async () => {
    const { send, drop, forward } = start();
    await send({ path: '/a/$&' });
    await send({ method: 'PUT', params: { id: '$&' } }, drop(['/a/{id}'])(forward));
    expect((await send({ path: '/a/$&' })).said).toContain('miss');
  });
});

test.each([[[]], [['a']], [['/a?x']], [['/a/*/b']], [['/{a-b}']], [['/a//b']], [['/käse']]])(
  'invalidate refuses the paths %j',
  (paths) => {
    expect(invalidate.options.safeParse({ paths }).success).toBe(false);
  },
);
