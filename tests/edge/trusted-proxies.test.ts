import fc from 'fast-check';
import type { TrustedProxies } from '../../src/config/schema.ts';
import { createProxyTrust } from '../../src/edge/trusted-proxies.ts';
import { GatewayError } from '../../src/errors/gateway-error.ts';

const everyField = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port'] as const;
const addresses = ['10.0.0.0/8', '2001:db8:1::/48', '198.51.100.7'];

const read = (headers: readonly string[], fields: TrustedProxies['fields'] = everyField, peer = '10.0.0.1') =>
  createProxyTrust({ addresses, fields }).read(headers, peer, 'http');
const readForwarded = (...lines: string[]) =>
  read(
    lines.flatMap((line) => ['Forwarded', line]),
    ['forwarded'],
  );

const refused = (said: () => unknown): string => {
  try {
    return `accepted: ${JSON.stringify(said())}`;
  } catch (error) {
    return error instanceof GatewayError ? `${error.code}: ${(error.cause as Error).message}` : String(error);
  }
};

describe('ranges', () => {
  test.each([
    ['10.255.0.1', true],
    ['11.0.0.1', false],
    ['2001:db8:1:ffff::1', true],
    ['2001:db8:2::1', false],
    ['198.51.100.7', true],
    ['198.51.100.8', false],
    ['', false],
  ])('%s', (address, trusted) => {
    expect(createProxyTrust({ addresses, fields: everyField }).isTrusted(address)).toBe(trusted);
  });

  test.each([
    ['loopback', ['127.0.0.1', '127.9.9.9', '::1'], ['10.0.0.1', '192.0.2.1']],
    ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1'], ['172.32.0.1', '127.0.0.1']],
  ])('%s stands for the ranges of that kind', (name, inside, outside) => {
    const { isTrusted } = createProxyTrust({ addresses: [name], fields: everyField });
    expect(inside.map(isTrusted)).toEqual(inside.map(() => true));
    expect(outside.map(isTrusted)).toEqual(outside.map(() => false));
  });
});

describe('X-Forwarded-*', () => {
  test('a proxy that says nothing is a caller like any other', () => {
    expect(read([])).toEqual({ address: '10.0.0.1', proxies: [], scheme: 'http', host: undefined, port: undefined });
  });

  test('the caller is the nearest address that no trusted proxy has; what is said beyond it does not count', () => {
    const way = read(['X-Forwarded-For', '127.0.0.1, junk, 203.0.113.9', 'x-forwarded-for', '198.51.100.7,10.0.0.2']);
    expect(way).toMatchObject({ address: '203.0.113.9', proxies: ['198.51.100.7', '10.0.0.2', '10.0.0.1'] });
  });

  test('where all are trusted the farthest is the caller', () => {
    expect(read(['X-Forwarded-For', '10.0.0.3, 10.0.0.2'])).toMatchObject({
      address: '10.0.0.3',
      proxies: ['10.0.0.2', '10.0.0.1'],
    });
  });

  test('behind a hidden node the proxy that hides it counts', () => {
    expect(read(['X-Forwarded-For', '203.0.113.9, unknown, 10.0.0.2'])).toMatchObject({
      address: '10.0.0.2',
      proxies: ['10.0.0.1'],
    });
  });

  test('scheme, host and port are those that the caller has used', () => {
    const said = ['X-Forwarded-Proto', 'HTTPS', 'X-Forwarded-Host', 'shop.example', 'X-Forwarded-Port', '8443'];
    expect(read(said)).toMatchObject({ scheme: 'https', host: 'shop.example', port: 8443 });
    expect(read(['X-Forwarded-Proto', 'wss'])).toMatchObject({ scheme: 'https' });
    expect(read(['X-Forwarded-Proto', 'ws'])).toMatchObject({ scheme: 'http' });
  });

  test('fields that the proxies do not set themselves are the caller’s, and do not count', () => {
    const said = [
      'X-Forwarded-Host',
      'shop.example',
      'X-Forwarded-Port',
      'x',
      'X-Forwarded-Proto',
      'https',
      'Forwarded',
      '"',
    ];
    expect(read(said, ['x-forwarded-for'])).toMatchObject({ scheme: 'http', host: undefined, port: undefined });
  });

  test.each([
    ['X-Forwarded-For', ['X-Forwarded-For', '203.0.113.9, localhost']],
    ['X-Forwarded-For', ['X-Forwarded-For', '203.0.113.999']],
    ['X-Forwarded-Proto', ['X-Forwarded-Proto', 'https, http']],
    ['X-Forwarded-Proto', ['X-Forwarded-Proto', 'constructor']],
    ['X-Forwarded-Proto', ['X-Forwarded-Proto', '']],
    ['x-forwarded-proto', ['X-Forwarded-Proto', 'https', 'x-forwarded-proto', 'https']],
    ['x-forwarded-host', ['X-Forwarded-Host', 'a', 'X-Forwarded-Host', 'b']],
    ['X-Forwarded-Port', ['X-Forwarded-Port', '0']],
    ['X-Forwarded-Port', ['X-Forwarded-Port', '443, 80']],
  ])('%s that is malformed or contradicts itself is refused: %j', (field, headers) => {
    expect(refused(() => read(headers))).toBe(
      `GW_BAD_REQUEST: a trusted proxy sent ${field} that cannot be read in one way`,
    );
  });
});

describe('Forwarded', () => {
  test('is walked in the same way', () => {
    expect(
      readForwarded('for=evil;proto=https, for=203.0.113.9;proto=https;host=shop.example', 'for=10.0.0.2'),
    ).toEqual({
      address: '203.0.113.9',
      proxies: ['10.0.0.2', '10.0.0.1'],
      scheme: 'https',
      host: 'shop.example',
      port: undefined,
    });
  });

  test('scheme and host are those of the proxy that saw the caller', () => {
    expect(readForwarded('for=203.0.113.9;proto=https, for=10.0.0.2;proto=http;host=inner')).toMatchObject({
      scheme: 'https',
      host: undefined,
    });
    expect(readForwarded('for=203.0.113.9, for=10.0.0.2;proto=https')).toMatchObject({ scheme: 'http' });
  });

  test('an element that does not name its sender ends the way', () => {
    expect(readForwarded('for=203.0.113.9, proto=https')).toMatchObject({ address: '10.0.0.1', scheme: 'https' });
    expect(readForwarded('for=203.0.113.9, for=_hidden;proto=https')).toMatchObject({ address: '10.0.0.1' });
  });

  test.each(['for="x', 'for=203.0.113.9;proto=gopher', 'for=localhost', 'for=2001:db8::1'])('%j is refused', (line) => {
    expect(refused(() => readForwarded(line))).toMatch(/^GW_BAD_REQUEST: a trusted proxy sent Forwarded/);
  });
});

test('whatever a caller says of itself, it is who the proxy saw, or it is refused', () => {
  const claim = fc.string({
    unit: fc.constantFrom(...'0123456789.,:"=; []', 'for', '10.0.0.1', 'unknown'),
    maxLength: 30,
  });
  fc.assert(
    fc.property(claim, (said) => {
      const byProxy = read(['X-Forwarded-For', `${said}, 203.0.113.9`]);
      expect(byProxy).toMatchObject({ address: '203.0.113.9', proxies: ['10.0.0.1'] });
      const answer = refused(() => readForwarded(`${said}, for=203.0.113.9`));
      if (answer.startsWith('accepted')) expect(answer).toContain('"address":"203.0.113.9","proxies":["10.0.0.1"]');
      else expect(answer).toMatch(/^GW_BAD_REQUEST/);
    }),
    { numRuns: 1_000 },
  );
});
