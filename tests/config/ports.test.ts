import fc from 'fast-check';
import { parseConfig } from '../../src/config/load.ts';
import { applyPorts } from '../../src/config/ports.ts';
import type { Config } from '../../src/config/schema.ts';
import { makeClient } from '../oauth/make-client.ts';

function configOf(issuer: string, listen = '127.0.0.1:8080', audience = ''): Config {
  const oauth = audience && `oauth: { audience: "${audience}" }`;
  const text = `version: 1\nissuer: "${issuer}"\nlisten: { public: "${listen}" }\n${oauth}`;
  return parseConfig(text, { file: 'garita.yaml', environment: {} }).config;
}

test('the listeners, the issuer and the audience move together', () => {
  const moved = applyPorts(configOf('http://127.0.0.1:8080'), { port: 1234, operationsPort: 1235 });
  expect(moved.listen).toMatchObject({
    public: { host: '127.0.0.1', port: 1234 },
    operations: { host: '127.0.0.1', port: 1235 },
  });
  expect(moved.issuer).toBe('http://127.0.0.1:1234');
  expect(moved.oauth.audience).toBe('http://127.0.0.1:1234');
});

test('without ports nothing changes, and the given configuration never does', () => {
  const config = configOf('http://127.0.0.1:8080');
  const before = structuredClone(config);
  expect(applyPorts(config, {})).toEqual(before);
  applyPorts(config, { port: 1 });
  expect(config).toEqual(before);
});

test.each([
  ['http://127.0.0.1:8080/auth', '127.0.0.1:8080', 'http://127.0.0.1:1234/auth'],
  ['http://localhost:8080', '127.0.0.1:8080', 'http://localhost:1234'],
  ['http://127.0.0.1:8080', '0.0.0.0:8080', 'http://127.0.0.1:1234'],
  ['http://[::1]:8080', '[::]:8080', 'http://[::1]:1234'],
  ['http://[::1]:8080', '[::1]:8080', 'http://[::1]:1234'],
  ['http://localhost', '127.0.0.1:80', 'http://localhost:1234'],
])('%s follows the listener %s', (issuer, listen, moved) => {
  expect(applyPorts(configOf(issuer, listen), { port: 1234 }).issuer).toBe(moved);
});

test.each([
  ['https://api.example.com', '127.0.0.1:8080'],
  ['https://api.example.com:8080', '0.0.0.0:8080'],
  ['http://127.0.0.1:9999', '127.0.0.1:8080'],
  ['https://127.0.0.1:8080', '127.0.0.1:8080'],
  ['http://127.0.0.1:8080', '10.0.0.1:8080'],
])('%s does not follow the listener %s: it is another place', (issuer, listen) => {
  expect(applyPorts(configOf(issuer, listen), { port: 1234 }).issuer).toBe(issuer);
});

test('with tls it is an issuer of https that follows', () => {
  const files = 'tls: { certificate: c.pem, key: k.pem }';
  const withTls = (issuer: string, port: number): Config =>
    parseConfig(`version: 1\nissuer: ${issuer}\nlisten: { public: "127.0.0.1:${port}", ${files} }`, {
      file: 'garita.yaml',
      environment: {},
    }).config;
  expect(applyPorts(withTls('https://localhost:8443/auth', 8443), { port: 1234 }).issuer).toBe(
    'https://localhost:1234/auth',
  );
  expect(applyPorts(withTls('https://localhost', 443), { port: 1234 }).issuer).toBe('https://localhost:1234');
  expect(applyPorts(withTls('https://localhost:1', 1), { port: 443 }).issuer).toBe('https://localhost');
  const moved = applyPorts(withTls('https://api.example.com', 443), { port: 1234 });
  expect([moved.issuer, moved.listen.tls?.key, moved.listen.https]).toEqual([
    'https://api.example.com',
    `${process.cwd()}/k.pem`,
    'required',
  ]);
});

test('an audience of its own stays', () => {
  const config = configOf('http://127.0.0.1:8080', '127.0.0.1:8080', 'my-apis');
  expect(applyPorts(config, { port: 1234 }).oauth.audience).toBe('my-apis');
});

test('the URIs and origins of clients follow, others stay', () => {
  const config = configOf('http://127.0.0.1:8080');
  const client = makeClient('app', {
    redirectUris: [
      'http://127.0.0.1:8080/demo/callback?x=1',
      'https://app.example.com/callback',
      'com.example.app:/cb',
    ],
    postLogoutRedirectUris: ['http://127.0.0.1:8080/demo/', 'https://app.example.com/'],
    origins: ['http://127.0.0.1:8080', 'https://app.example.com'],
  });
  const moved = applyPorts({ ...config, oauth: { ...config.oauth, clients: [client] } }, { port: 1234 });
  expect(moved.oauth.clients[0]?.redirectUris).toEqual([
    'http://127.0.0.1:1234/demo/callback?x=1',
    'https://app.example.com/callback',
    'com.example.app:/cb',
  ]);
  expect(moved.oauth.clients[0]?.postLogoutRedirectUris).toEqual([
    'http://127.0.0.1:1234/demo/',
    'https://app.example.com/',
  ]);
  expect(moved.oauth.clients[0]?.origins).toEqual(['http://127.0.0.1:1234', 'https://app.example.com']);
});

test('by way of any port, 0 included, to another is as directly', () => {
  const port = fc.integer({ min: 0, max: 65_535 });
  fc.assert(
    fc.property(port, port, (between, last) => {
      const config = configOf('http://127.0.0.1:8080/x');
      const directly = applyPorts(config, { port: last });
      expect(applyPorts(applyPorts(config, { port: between }), { port: last })).toEqual(directly);
    }),
    { numRuns: 50 },
  );
});
