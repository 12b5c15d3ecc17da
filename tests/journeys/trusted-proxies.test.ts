import * as z from 'zod';
import { definePolicy } from '../../src/policies/policy.ts';
import { connectRaw, fieldsOf, rawRequest, statusOf } from '../support/raw-client.ts';
import { always, type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const startBehind = (listen: string, upstream: ScriptedUpstream, rest = ''): Promise<TestGateway> =>
  startGateway(`
${/issuer/.test(rest) ? '' : 'issuer: https://api.example.com'}
listen: ${listen}
services: { shop: { instances: ["${upstream.url}"] } }
routes:
  - { id: shop, match: { hosts: [shop.example], path: "/*" }, to: { service: shop }, access: public }
  - { id: any, match: { path: "/*" }, to: { service: shop }, access: public }
${rest}`);

const get = (path: string, ...lines: string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: inner:8080', 'Connection: close', ...lines, '\r\n'].join('\r\n');

const trusting = '{ trustedProxies: [loopback, 10.0.0.0/8] }';

test('from a trusted proxy the caller, its scheme and the proxies on the way reach log and service', async () => {
  const upstream = await startScriptedUpstream(always(200));
  const gateway = await startBehind(trusting, upstream);
  const said = [
    'X-Forwarded-For: evil, 203.0.113.9, 10.0.0.2',
    'X-Forwarded-Proto: https',
    'X-Forwarded-Host: shop.example',
  ];
  const reply = await rawRequest(gateway.port, get('/things', ...said, 'Forwarded: for=evil', 'X-Real-IP: evil'));
  const { header, headers } = await upstream.request(1);

  expect(statusOf(reply)).toBe(200);
  expect(header('x-forwarded-for')).toBe('203.0.113.9, 10.0.0.2, 127.0.0.1');
  expect(header('x-forwarded-proto')).toBe('https');
  expect(header('x-forwarded-host')).toBe('inner:8080');
  expect(header('forwarded')).toBe('for=203.0.113.9;host="inner:8080";proto=https, for=10.0.0.2, for=127.0.0.1');
  expect(headers.join('\n')).not.toContain('evil');
  await expect(gateway.logged({ message: 'exchange' })).resolves.toMatchObject({
    address: '203.0.113.9',
    route: 'any',
  });
});

test('from anybody else the fields are replaced', async () => {
  const upstream = await startScriptedUpstream(always(200));
  const gateway = await startBehind('{ trustedProxies: [10.0.0.0/8] }', upstream);
  const said = ['X-Forwarded-For: 203.0.113.9', 'X-Forwarded-Proto: https', 'X-Forwarded-Proto: "'];
  expect(statusOf(await rawRequest(gateway.port, get('/', ...said)))).toBe(200);
  const { header } = await upstream.request(1);
  expect(header('x-forwarded-for')).toBe('127.0.0.1');
  expect(header('x-forwarded-proto')).toBe('http');
});

test('a host counts when the proxies are said to set it: routes go by it', async () => {
  const upstream = await startScriptedUpstream(always(200));
  const fields = 'fields: [x-forwarded-for, x-forwarded-proto, x-forwarded-host, x-forwarded-port]';
  const gateway = await startBehind(`{ trustedProxies: { addresses: [loopback], ${fields} } }`, upstream);
  const said = ['X-Forwarded-Host: Shop.example', 'X-Forwarded-Port: 443', 'X-Forwarded-Proto: https'];
  await rawRequest(gateway.port, get('/', ...said));
  expect((await upstream.request(1)).header('x-forwarded-host')).toBe('shop.example');
  await expect(gateway.logged({ message: 'exchange' })).resolves.toMatchObject({ route: 'shop' });

  await rawRequest(gateway.port, get('/', 'X-Forwarded-Host: shop.example', 'X-Forwarded-Port: 8443'));
  expect((await upstream.request(2)).header('x-forwarded-host')).toBe('shop.example:8443');

  const reply = await rawRequest(gateway.port, get('/', 'X-Forwarded-Host: shop.example, evil.example'));
  expect(reply).toContain('GW_BAD_HOST');
});

test('Forwarded takes the place of the others where it is named', async () => {
  const upstream = await startScriptedUpstream(always(200));
  const gateway = await startBehind('{ trustedProxies: { addresses: [loopback], fields: [forwarded] } }', upstream);
  const said = ['Forwarded: for="[2001:DB8::9]:4711";proto=https;host=shop.example', 'X-Forwarded-For: evil'];
  await rawRequest(gateway.port, get('/', ...said));
  const { header } = await upstream.request(1);
  expect(header('forwarded')).toBe('for="[2001:db8::9]";host="shop.example";proto=https, for=127.0.0.1');
  expect(header('x-forwarded-for')).toBe('2001:db8::9, 127.0.0.1');
});

test('Express middleware is told the same of a request', async () => {
  const upstream = await startScriptedUpstream(always(200));
  const seen: unknown[] = [];
  const look = definePolicy({
    name: 'look',
    options: z.strictObject({}),
    create: () => ({
      guard(request, _response, next) {
        seen.push([request.ip, request.protocol, request.secure, request.host, request.hostname]);
        next();
      },
    }),
  });
  const gateway = await startGateway(
    `
listen: { trustedProxies: { addresses: [loopback], fields: [x-forwarded-for, x-forwarded-proto, x-forwarded-host] } }
services: { shop: { instances: ["${upstream.url}"] } }
routes: [{ id: any, match: { path: "/*" }, to: { service: shop }, access: public, policies: [{ use: look, with: {} }] }]
`,
    { policies: [look] },
  );
  const said = ['X-Forwarded-For: 203.0.113.9', 'X-Forwarded-Proto: https', 'X-Forwarded-Host: shop.example:8443'];
  await rawRequest(gateway.port, get('/', ...said));
  expect(seen).toEqual([['203.0.113.9', 'https', true, 'shop.example:8443', 'shop.example']]);
});

test('what a trusted proxy says badly is 400, and the log says which field', async () => {
  const upstream = await startScriptedUpstream(always(200));
  const gateway = await startBehind(trusting, upstream);
  const reply = await rawRequest(gateway.port, get('/', 'X-Forwarded-Proto: https', 'X-Forwarded-Proto: http'));
  expect(statusOf(reply)).toBe(400);
  await expect(gateway.logged({ error: 'GW_BAD_REQUEST' })).resolves.toMatchObject({
    reason: 'a trusted proxy sent x-forwarded-proto that cannot be read in one way',
    address: '127.0.0.1',
  });
  expect(upstream.requests).toEqual([]);
});

test('limits count the callers behind a proxy one by one', async () => {
  const upstream = await startScriptedUpstream(always(200));
  const gateway = await startBehind(trusting, upstream, 'limits: { address: { limit: 2, per: 1h } }');
  const from = async (caller: string): Promise<number> =>
    statusOf(await rawRequest(gateway.port, get('/', `X-Forwarded-For: 192.0.2.${caller.length}, ${caller}`)));
  expect([await from('203.0.113.1'), await from('203.0.113.1'), await from('203.0.113.1')]).toEqual([200, 200, 429]);
  expect(await from('203.0.113.2')).toBe(200);
});

describe('https: required', () => {
  const required = '{ https: required, trustedProxies: [loopback] }';

  test.each([
    ['said to have come over http', ['X-Forwarded-Proto: http']],
    ['of which nothing is said', []],
  ])('refuses a request %s before anything else', async (_, said) => {
    const upstream = await startScriptedUpstream(always(200));
    const gateway = await startBehind(required, upstream);
    for (const path of [
      '/things',
      '/oauth/token',
      '/.well-known/oauth-authorization-server',
      '/.well-known/jwks.json',
    ]) {
      const reply = await rawRequest(gateway.port, get(path, ...said));
      expect([path, statusOf(reply)]).toEqual([path, 403]);
      expect(reply).toContain('"code":"GW_HTTPS_REQUIRED"');
      expect(fieldsOf(reply, 'strict-transport-security')).toEqual([]);
      expect(fieldsOf(reply, 'location')).toEqual([]);
    }
    expect(upstream.requests).toEqual([]);
    expect((await fetch(`${gateway.operationsUrl}/readyz`)).status).toBe(200);
  });

  test('refuses upgrades, too', async () => {
    const upstream = await startScriptedUpstream(always(200));
    const gateway = await startBehind(required, upstream);
    const connection = await connectRaw(gateway.port);
    const lines = ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
    connection.write(get('/', ...lines).replace('Connection: close', 'Connection: Upgrade'));
    expect(await connection.until('GW_HTTPS_REQUIRED')).toMatch(/^HTTP\/1\.1 403 /);
  });

  test('lets through what the proxy got over https, and tells browsers to stay there', async () => {
    const upstream = await startScriptedUpstream(always(200, ['Strict-Transport-Security: max-age=1']));
    const gateway = await startBehind(required, upstream);
    for (const path of ['/things', '/.well-known/jwks.json', '/no%2Fway']) {
      const reply = await rawRequest(gateway.port, get(path, 'X-Forwarded-Proto: https'));
      expect([path, fieldsOf(reply, 'strict-transport-security')]).toEqual([path, ['max-age=31536000']]);
    }
  });

  test('an absolute target does not make a request secure', async () => {
    const upstream = await startScriptedUpstream(always(200));
    const gateway = await startBehind(required, upstream);
    expect(await rawRequest(gateway.port, get('https://inner:8080/things'))).toContain('GW_HTTPS_REQUIRED');
  });
});
