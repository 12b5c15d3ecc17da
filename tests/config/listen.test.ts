import { warningsOf } from '../../src/config/warnings.ts';
import { complaints, expectComplaint, head, parse } from './complaints.ts';

const secure = 'version: 1\nissuer: https://api.example.com\n';
const listenOf = (listen: string) => parse(`${secure}listen: ${listen}\n`).config.listen;
const tls = 'tls: { certificate: c.pem, key: /k.pem }';
const service = (fields: string, address = 'https://orders:7101') =>
  `services:\n  orders:\n    instances: ["${address}"]\n${fields}`;

describe('listen', () => {
  test('has its defaults', () => {
    expect(listenOf('{}')).toEqual({
      public: { host: '127.0.0.1', port: 8080 },
      operations: { host: '127.0.0.1', port: 9090 },
      https: 'optional',
      hsts: { maxAge: 31_536_000, includeSubDomains: false },
    });
    expect(listenOf('{ hsts: { maxAge: 0s } }').hsts).toEqual({ maxAge: 0, includeSubDomains: false });
  });

  test('with tls asks for https; its files are taken from the folder of the configuration', () => {
    const clients = 'clientCertificates: { authorities: ca/all.pem }';
    expect(listenOf(`{ tls: { certificate: c.pem, key: /k.pem, ${clients} } }`)).toMatchObject({
      https: 'required',
      tls: {
        certificate: `${process.cwd()}/c.pem`,
        key: '/k.pem',
        clientCertificates: { authorities: `${process.cwd()}/ca/all.pem`, required: true },
      },
    });
    expect(listenOf(`{ ${tls}, https: optional, trustedProxies: [private] }`).https).toBe('optional');
  });

  test('takes proxies as a list or with the fields that they set', () => {
    const list = ['loopback', '10.0.0.0/8', '2001:db8::/32', '192.0.2.1'];
    expect(listenOf(`{ trustedProxies: [${list.map((it) => `"${it}"`).join(', ')}] }`).trustedProxies).toEqual({
      addresses: list,
      fields: ['x-forwarded-for', 'x-forwarded-proto'],
    });
    expect(listenOf('{ trustedProxies: { addresses: [private], fields: [forwarded] } }').trustedProxies).toEqual({
      addresses: ['private'],
      fields: ['forwarded'],
    });
  });

  test.each([
    ['10.0.0.0/33', 'expected an address, a range such as 10.0.0.0/8, loopback or private, got "10.0.0.0/33"'],
    ['10.0.0/8', 'expected an address, a range such as 10.0.0.0/8, loopback or private, got "10.0.0/8"'],
    ['10.0.0.0/08', 'expected an address, a range such as 10.0.0.0/8, loopback or private, got "10.0.0.0/08"'],
    ['proxy.internal', 'expected an address, a range such as 10.0.0.0/8, loopback or private, got "proxy.internal"'],
    ['fe80::1%eth0', 'expected an address, a range such as 10.0.0.0/8, loopback or private, got "fe80::1%eth0"'],
    ['0.0.0.0/0', 'this would trust everybody, so that any caller could claim any address'],
    ['::/0', 'this would trust everybody, so that any caller could claim any address'],
  ])('refuses the proxy %s', (written, complaint) => {
    expectComplaint(`listen: { trustedProxies: [‸"${written}"] }\n`, `listen.trustedProxies[0]  ${complaint}`);
  });

  test('refuses two sources that could contradict each other', () => {
    expectComplaint(
      'listen: { trustedProxies: { addresses: [private], fields: ‸[forwarded, x-forwarded-for] } }\n',
      'listen.trustedProxies.fields  forwarded says everything the others do: two sources could contradict each other, so it stands alone',
    );
  });

  test.each([
    [`${tls}`, 'listen.tls'],
    ['https: required, trustedProxies: [private]', 'https: required'],
    ['redirect: 127.0.0.1:80', 'listen.redirect'],
  ])('refuses an issuer of http with { %s }', (listen, reason) => {
    expect(complaints(`listen: { ${listen} }\n`)).toEqual([
      `garita.yaml:2:9  issuer  with ${reason} callers come over https: the issuer begins with https:`,
    ]);
  });

  test('refuses to ask for https where nobody could come over it', () => {
    expect(() => parse(`${secure}listen: { https: required }\n`)).toThrow(
      'garita.yaml:3:18  listen.https  nobody could come in over https: add tls, or name the proxies that end TLS under trustedProxies',
    );
  });

  test('a proxy that could let plain http through is warned of', () => {
    const { config, source } = parse(`${secure}listen: { trustedProxies: [private] }\n`);
    expect(warningsOf(config, source)).toMatchObject([{ line: 3, path: 'listen' }]);
    const mended = parse(`${secure}listen: { trustedProxies: [private], https: required }\n`);
    expect(warningsOf(mended.config, mended.source)).toEqual([]);
  });
});

describe('tls of a service', () => {
  test('has its files taken from the folder of the configuration', () => {
    const text = service(
      '    tls: { authorities: ca.pem, certificate: c.pem, key: k.pem, serverName: orders.internal }\n',
    );
    expect(parse(head + text).config.services.orders?.tls).toEqual({
      authorities: `${process.cwd()}/ca.pem`,
      certificate: `${process.cwd()}/c.pem`,
      key: `${process.cwd()}/k.pem`,
      serverName: 'orders.internal',
      verify: true,
    });
  });

  test.each([
    [
      '‸{ authorities: ca.pem }',
      '',
      'tls is for https instances, and there is none: begin their addresses with https:',
      'http://orders:7101',
    ],
    ['{ certificate: ‸c.pem }', '.certificate', 'a certificate needs its key: add key', undefined],
    ['{ key: ‸k.pem }', '.key', 'a key needs its certificate: add certificate', undefined],
    [
      '{ authorities: ca.pem, verify: ‸false }',
      '.verify',
      'with verify: false no authority is asked: leave one of the two out',
      undefined,
    ],
    [
      '{ serverName: ‸10.0.0.1 }',
      '.serverName',
      'expected the name of a host, not an address, got "10.0.0.1"',
      undefined,
    ],
  ])('%s is refused', (fields, path, complaint, address) => {
    expectComplaint(service(`    tls: ${fields}\n`, address), `services.orders.tls${path}  ${complaint}`);
  });

  test('that verifies nothing is warned of', () => {
    const { config, source } = parse(head + service('    tls: { verify: false }\n'));
    expect(warningsOf(config, source)).toMatchObject([{ path: 'services.orders.tls.verify' }]);
  });
});

describe('a condition on certificates', () => {
  const route = (when: string) =>
    `${service('')}routes:\n  - { id: a, match: { path: / }, to: { service: orders }, access: { when: ${when} } }\n`;

  test('is a list of subjects', () => {
    const clients = 'clientCertificates: { authorities: ca.pem }';
    const listen = `listen: { tls: { certificate: c.pem, key: k.pem, ${clients} } }\n`;
    const { routes } = parse(secure + listen + route('{ certificate: { subject: "CN=orders,O=Acme" } }')).config;
    expect(routes[0]?.access).toMatchObject({ when: { certificate: { subject: ['CN=orders,O=Acme'] } } });
  });

  test('is refused where no caller is asked for one, however deep it is', () => {
    expectComplaint(
      route('{ any: [{ role: a }, { all: [{ certificate: ‸{ subject: CN=a } }] }] }'),
      'routes[0].access.when.any[1].all[0].certificate  no caller is asked for a certificate: add listen.tls.clientCertificates',
    );
  });
});
