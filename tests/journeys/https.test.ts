import { once } from 'node:events';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WatchFiles } from '../../src/edge/watch-files.ts';
import { fileOf, pairOf } from '../support/certificates.ts';
import { fieldsOf, rawRequest, statusOf } from '../support/raw-client.ts';
import { always, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { type Surroundings, startGateway, type TestGateway } from '../support/start-gateway.ts';
import { connectTls, get, tlsRequest } from '../support/tls-client.ts';
import { startWebSocketEcho } from '../support/websocket-echo.ts';

interface Setting {
  readonly listen?: string;
  readonly tls?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly instance: string;
  readonly access?: string;
}

const startSecure = (given: Setting, surroundings: Surroundings = {}): Promise<TestGateway> =>
  startGateway(
    `
issuer: https://127.0.0.1:8080
listen:
  tls:
    certificate: ${given.certificate ?? fileOf('server.pem')}
    key: ${given.key ?? fileOf('server.key')}
    ${given.tls ?? ''}
  ${given.listen ?? ''}
services: { shop: { instances: ["${given.instance}"] } }
routes:
  - { id: shop, match: { path: "/*" }, to: { service: shop }, access: ${given.access ?? 'public'} }`,
    surroundings,
  );

describe('the public listener with tls', () => {
  test('speaks https: services learn so, and browsers are told to stay', async () => {
    const upstream = await startScriptedUpstream(always(200, [], 'hello'));
    const gateway = await startSecure({ instance: upstream.url });
    expect(gateway.url).toMatch(/^https:/);
    const reply = await tlsRequest(gateway.port, get('/things', 'X-Forwarded-Proto: http'));
    expect(statusOf(reply)).toBe(200);
    expect(fieldsOf(reply, 'strict-transport-security')).toEqual(['max-age=31536000']);
    const { header } = await upstream.request(1);
    expect(header('x-forwarded-proto')).toBe('https');
    expect(header('forwarded')).toBe('for=127.0.0.1;host="api.example.com";proto=https');
  });

  test('the issuer follows its port, and the authorization server is behind the same TLS', async () => {
    const upstream = await startScriptedUpstream(always(200));
    const gateway = await startSecure({ instance: upstream.url });
    const reply = await tlsRequest(gateway.port, get('/.well-known/oauth-authorization-server'));
    expect(reply).toContain(`"issuer":"${gateway.url}"`);
    expect(fieldsOf(reply, 'strict-transport-security')).toEqual(['max-age=31536000']);
  });

  test('hsts says what it is told to, or nothing', async () => {
    const upstream = await startScriptedUpstream(always(200));
    const long = await startSecure({ instance: upstream.url, listen: 'hsts: { maxAge: 2d, includeSubDomains: true }' });
    const none = await startSecure({ instance: upstream.url, listen: 'hsts: false' });
    const said = async ({ port }: TestGateway) =>
      fieldsOf(await tlsRequest(port, get('/')), 'strict-transport-security');
    expect(await said(long)).toEqual(['max-age=172800; includeSubDomains']);
    expect(await said(none)).toEqual([]);
  });

  test('takes no old version, no weak cipher and no other protocol', async () => {
    const upstream = await startScriptedUpstream(always(200));
    const { port } = await startSecure({ instance: upstream.url });
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(connectTls(port, old)).rejects.toThrow(/alert|protocol version/);
    await expect(connectTls(port, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' })).rejects.toThrow();
    await expect(connectTls(port, { ALPNProtocols: ['h3'] })).rejects.toThrow(/no application protocol/);
    const modern = await connectTls(port, { ALPNProtocols: ['h2', 'http/1.1'] });
    expect([modern.getProtocol(), modern.alpnProtocol]).toEqual(['TLSv1.3', 'h2']);
    const older = await connectTls(port, { maxVersion: 'TLSv1.2' });
    expect(older.getCipher().name).toMatch(/^ECDHE-.*(?:GCM|POLY1305)/);
  });

  test('whoever speaks no TLS gets no answer, and does no harm', async () => {
    const upstream = await startScriptedUpstream(always(200));
    const { port } = await startSecure({ instance: upstream.url });
    expect(await rawRequest(port, get('/'))).not.toMatch(/^HTTP/);
    expect(await rawRequest(port, Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0]))).not.toMatch(/^HTTP/);
    expect(statusOf(await tlsRequest(port, get('/')))).toBe(200);
  });

  test('every one of its sockets speaks TLS, and kept connections do not hold up the end', async () => {
    const upstream = await startScriptedUpstream(always(200, [], 'hello'));
    const gateway = await startSecure({ instance: upstream.url });
    const sockets = await Promise.all(Array.from({ length: 60 }, () => connectTls(gateway.port)));
    const replies = sockets.map(async (socket) => {
      socket.write('GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n');
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      return statusOf(chunk.toString('latin1'));
    });
    expect(new Set(await Promise.all(replies))).toEqual(new Set([200]));
    const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));
    await gateway.close();
    await closed;
  });

  test('carries WebSockets', async () => {
    const echo = await startWebSocketEcho();
    const gateway = await startSecure({ instance: echo.origin });
    const socket = await connectTls(gateway.port);
    const lines = ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
    socket.write(get('/', ...lines).replace('Connection: close', 'Connection: Upgrade'));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 101 /);
    expect(echo.requests[0]?.headers['x-forwarded-proto']).toBe('https');
    socket.destroy();
    await gateway.close();
    await echo.close();
  });
});

describe('plain http beside it', () => {
  test('is redirected for people, and refused where secrets could be lost', async () => {
    const upstream = await startScriptedUpstream(always(200));
    const gateway = await startSecure({ instance: upstream.url, listen: 'redirect: 127.0.0.1:0' });
    const { redirectPort } = gateway;
    const port = new URL(gateway.url).port;
    const reply = await rawRequest(redirectPort, get('/a//b/../c?q=%20'));
    expect(statusOf(reply)).toBe(308);
    expect(fieldsOf(reply, 'location')).toEqual([`https://api.example.com:${port}/a/c?q=%20`]);
    expect(fieldsOf(reply, 'strict-transport-security')).toEqual([]);
    await expect(gateway.logged({ route: 'redirect' })).resolves.toMatchObject({ status: 308 });

    const refused = [
      get('/', 'Authorization: Bearer x'),
      get('/oauth/token').replace('GET', 'POST'),
      get('/', 'Content-Length: 1').concat('x'),
    ];
    for (const request of refused) expect(await rawRequest(redirectPort, request)).toContain('GW_HTTPS_REQUIRED');
    expect(statusOf(await rawRequest(redirectPort, get('/%2F')))).toBe(400);
    expect(statusOf(await rawRequest(redirectPort, get('/').replace('api.example.com', 'a/b')))).toBe(400);
  });
});

describe('the certificate', () => {
  let folder = '';
  let look: () => void = () => {};
  const watch: WatchFiles = (files, onChange) => {
    expect(files).toEqual([join(folder, 'c.pem'), join(folder, 'k.pem')]);
    look = onChange;
    return () => {
      look = () => {};
    };
  };
  const place = async (name: string): Promise<void> => {
    await copyFile(fileOf(`${name}.pem`), join(folder, 'c.pem'));
    await copyFile(fileOf(`${name}.key`), join(folder, 'k.pem'));
  };
  const shown = async (port: number): Promise<string> => {
    const socket = await connectTls(port);
    const { subject } = socket.getPeerCertificate();
    socket.destroy();
    return String(subject.CN);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'garita-tls-'));
    await place('server');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const start = async (surroundings: Surroundings = { watch }) => {
    const upstream = await startScriptedUpstream(always(200));
    const files = { certificate: join(folder, 'c.pem'), key: join(folder, 'k.pem') };
    return startSecure({ instance: upstream.url, ...files }, surroundings);
  };

  test('is renewed while connections go on, at every socket of the listener', async () => {
    const gateway = await start();
    const kept = await connectTls(gateway.port);
    expect(kept.getPeerCertificate().subject.CN).toBe('api.example.com');

    await place('renewed');
    look();
    await expect(gateway.logged({ message: 'the certificate has been renewed' })).resolves.toMatchObject({
      subject: 'CN=renewed.example.com',
    });
    const names = await Promise.all(Array.from({ length: 60 }, () => shown(gateway.port)));
    expect(new Set(names)).toEqual(new Set(['renewed.example.com']));
    kept.write(get('/'));
    expect(statusOf(String((await once(kept, 'data'))[0]))).toBe(200);
  });

  test('that cannot be used leaves the old one in place, and the log says why, until it is mended', async () => {
    const gateway = await start();
    await copyFile(fileOf('renewed.pem'), join(folder, 'c.pem'));
    look();
    const [certificate, key] = [join(folder, 'c.pem'), join(folder, 'k.pem')];
    const message = 'the certificate cannot be renewed; the last good one stays in use';
    await gateway.logged({
      message,
      level: 'error',
      reason: `${key} is not the key of the first certificate in ${certificate}`,
    });
    expect(await shown(gateway.port)).toBe('api.example.com');

    await writeFile(certificate, 'nothing');
    look();
    await gateway.logged({ message, reason: `${certificate} holds no certificate in PEM form` });
    await rm(certificate);
    look();
    await gateway.logged({ message, reason: `${certificate} does not exist` });
    expect(await shown(gateway.port)).toBe('api.example.com');

    await place('renewed');
    look();
    await gateway.logged({ message: 'the certificate has been renewed' });
    expect(await shown(gateway.port)).toBe('renewed.example.com');
  });

  test('that has expired is told of', async () => {
    const gateway = await start({ watch, now: () => Date.parse('2200-01-01') });
    await expect(gateway.logged({ level: 'warn' })).resolves.toMatchObject({
      message: 'the certificate has expired: callers refuse it',
      subject: 'CN=api.example.com',
    });
  });

  test.each([
    ['certificate', { certificate: 'gone.pem' }, /gone\.pem does not exist$/],
    ['key', { key: 'locked.key' }, /locked\.key is locked by a passphrase: only open keys can be used$/],
    ['key', { key: 'renewed.key' }, /renewed\.key is not the key of the first certificate in \S+server\.pem$/],
    ['key', { key: 'server.pem' }, /server\.pem holds no private key in PEM form$/],
    ['certificate', { certificate: 'server.key' }, /server\.key holds no certificate in PEM form$/],
  ])(
    'whose %s cannot be used stops the start, with the place in the configuration: %j',
    async (which, given, reason) => {
      const files = Object.fromEntries(Object.entries(given).map(([name, file]) => [name, fileOf(file)]));
      const starting = startSecure({ instance: 'http://127.0.0.1:1', ...files });
      const line = which === 'certificate' ? 17 : 18;
      await expect(starting).rejects.toThrow(
        new RegExp(`^test\\.yaml:${line}:\\d+  listen\\.tls\\.${which}  \\S*${reason.source.replace('$', '')}`),
      );
    },
  );
});

describe('certificates of callers', () => {
  const asking = (required: boolean): string =>
    `clientCertificates: { authorities: ${fileOf('authority.pem')}, required: ${required} }`;
  const orders = 'CN=orders,O=Acme\\, Inc.,C=ES';

  test('required: nobody comes in without a good one', async () => {
    const upstream = await startScriptedUpstream(always(200));
    const { port } = await startSecure({ instance: upstream.url, tls: asking(true) });
    expect(statusOf(await tlsRequest(port, get('/'), pairOf('orders')))).toBe(200);
    // With TLS 1.3 a client hears of it after its own half of the handshake.
    expect(await tlsRequest(port, get('/')).catch(() => '')).toBe('');
    expect(await tlsRequest(port, get('/'), pairOf('stranger')).catch(() => '')).toBe('');
    expect(await tlsRequest(port, get('/'), pairOf('server')).catch(() => '')).toBe('');
    expect(upstream.requests).toHaveLength(1);
  });

  test('the service learns the subject and the certificate, and nobody else can say them', async () => {
    const upstream = await startScriptedUpstream(always(200));
    const { port } = await startSecure({ instance: upstream.url, tls: asking(false) });
    const forged = [
      'X-Client-Cert-Subject: CN=root',
      'Client-Cert: :eA==:',
      'client_cert_chain: x',
      'X_Client_Cert_Subject: y',
    ];
    await tlsRequest(port, get('/', ...forged), pairOf('payments'));
    await tlsRequest(port, get('/', ...forged));
    await tlsRequest(port, get('/', ...forged), pairOf('stranger'));

    const [known, ...others] = [await upstream.request(1), await upstream.request(2), await upstream.request(3)];
    expect(known?.header('x-client-cert-subject')).toBe('CN=Pagos y m%C3%A1s,O=Acme\\, Inc.,C=ES');
    const [, base64 = ''] = /^:(.+):$/.exec(known?.header('client-cert') ?? '') ?? [];
    expect(pairOf('payments').cert.replaceAll('\n', '')).toContain(base64);
    for (const { headers } of others) expect(headers.join('\n')).not.toMatch(/cert/i);
  });

  test('a rule can ask for one', async () => {
    const upstream = await startScriptedUpstream(always(200));
    const access = `{ scopes: [read], when: { certificate: { subject: "${orders.replace('\\', '\\\\')}" } } }`;
    const gateway = await startSecure({ instance: upstream.url, tls: asking(false), access });
    const form = 'grant_type=client_credentials&client_id=reader&client_secret=demo-only-reader';
    const lines = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${form.length}`];
    const issued = await tlsRequest(gateway.port, get('/oauth/token', ...lines).replace('GET', 'POST') + form);
    const [, token] = /"access_token":"([^"]+)"/.exec(issued) ?? [];
    const ask = (options = {}) => tlsRequest(gateway.port, get('/', `Authorization: Bearer ${token}`), options);

    expect(statusOf(await ask(pairOf('orders')))).toBe(200);
    expect(await ask(pairOf('payments'))).toContain('GW_FORBIDDEN');
    expect(await ask(pairOf('stranger'))).toContain('GW_FORBIDDEN');
    expect(await ask()).toContain('GW_FORBIDDEN');
    expect(statusOf(await tlsRequest(gateway.port, get('/'), pairOf('orders')))).toBe(401);
  });

  test.each([
    ['orders', 'CN=orders,O=Acme\\, Inc.,C=ES'],
    ['stranger', undefined],
    ['nobody', undefined],
  ])('a connection that resumes the one of %s is worth as much', async (name, subject) => {
    const upstream = await startScriptedUpstream(always(200));
    const { port } = await startSecure({ instance: upstream.url, tls: asking(false) });
    const first = await connectTls(port, name === 'nobody' ? {} : pairOf(name));
    const tickets = once(first, 'session') as Promise<[Buffer]>;
    first.write(get('/'));
    const [session] = await tickets;
    const second = await connectTls(port, { session });
    expect(second.isSessionReused()).toBe(true);
    second.write(get('/'));
    const { header } = await upstream.request(2);
    expect(header('x-client-cert-subject')).toBe(subject);
  });

  test('required: a connection that resumes a refused one is refused as well', async () => {
    const upstream = await startScriptedUpstream(always(200));
    const { port } = await startSecure({ instance: upstream.url, tls: asking(true) });
    const first = await connectTls(port, pairOf('stranger')).catch(() => undefined);
    let session: Buffer | undefined;
    first?.on('session', (ticket) => {
      session = ticket;
    });
    first?.on('data', () => {});
    if (first !== undefined && !first.closed) await once(first, 'close');
    const second = session && (await tlsRequest(port, get('/'), { session }).catch(() => ''));
    expect(second ?? '').toBe('');
    expect(upstream.requests).toEqual([]);
  });

  test('a cached reply is only for those with the same one', async () => {
    const upstream = await startScriptedUpstream(always(200, ['Cache-Control: max-age=60']));
    const more = 'policies: [{ use: cache, with: { fresh: 60s } }]';
    const { port } = await startSecure({ instance: upstream.url, tls: asking(false), access: `public, ${more}` });
    for (const options of [{}, pairOf('orders'), pairOf('payments'), {}, pairOf('orders'), pairOf('payments')])
      await tlsRequest(port, get('/'), options);
    const subjects = upstream.requests.map(({ header }) => header('x-client-cert-subject')?.slice(0, 8));
    expect(subjects).toEqual([undefined, 'CN=order', 'CN=Pagos']);
  });

  test('that of a trusted proxy is not the caller’s', async () => {
    const upstream = await startScriptedUpstream(always(200));
    const listen = 'trustedProxies: [loopback]';
    const { port } = await startSecure({ instance: upstream.url, tls: asking(true), listen });
    const request = get('/', 'X-Forwarded-Proto: https', 'X-Forwarded-For: 203.0.113.9');
    await tlsRequest(port, request, pairOf('orders'));
    expect((await upstream.request(1)).headers.join('\n')).not.toMatch(/cert/i);
    // What reached the proxy in the clear is refused, although the proxy came by TLS.
    expect(await tlsRequest(port, get('/', 'X-Forwarded-Proto: http'), pairOf('orders'))).toContain(
      'GW_HTTPS_REQUIRED',
    );
  });
});
