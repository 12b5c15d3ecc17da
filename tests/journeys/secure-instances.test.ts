import { fileOf } from '../support/certificates.ts';
import { connectRaw, rawRequest, statusOf } from '../support/raw-client.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { type HttpsService, startHttpsService } from '../support/start-https-service.ts';
import { get } from '../support/tls-client.ts';

const authorities = `authorities: ${fileOf('authority.pem')}`;
const shown = (name: string): string => `certificate: ${fileOf(`${name}.pem`)}, key: ${fileOf(`${name}.key`)}`;

const startBefore = (
  service: HttpsService,
  tls: string | undefined,
  { host = '127.0.0.1', more = '' } = {},
): Promise<TestGateway> =>
  startGateway(`
services:
  orders:
    instances: ["https://${host}:${service.port}"]
    ${tls === undefined ? '' : `tls: { ${tls} }`}
    ${more}
routes:
  - { id: orders, match: { path: "/*" }, to: { service: orders }, access: public }
`);

const ask = (gateway: TestGateway, ...lines: string[]): Promise<string> => rawRequest(gateway.port, get('/', ...lines));
const reasonOf = async (gateway: TestGateway) => (await gateway.logged({ message: 'exchange' })).reason;

test('an instance is recognised by the authorities of its service', async () => {
  const service = await startHttpsService('server');
  const gateway = await startBefore(service, authorities);
  expect(await ask(gateway)).toMatch(/^HTTP\/1\.1 200 [\s\S]*secure$/);
  expect(service.requests).toMatchObject([{ servername: false, caller: undefined }]);
});

test('an instance of an authority that nobody has named gets no request', async () => {
  const service = await startHttpsService('server');
  const gateway = await startBefore(service, undefined);
  expect(statusOf(await ask(gateway))).toBe(503);
  expect(await reasonOf(gateway)).toMatch(/^unreachable: .*certificate/);
  const other = await startBefore(service, `authorities: ${fileOf('stranger-authority.pem')}`);
  expect(statusOf(await ask(other))).toBe(503);
  expect(service.requests).toEqual([]);
});

test('an instance whose certificate is for another name gets no request, unless that name is expected', async () => {
  const service = await startHttpsService('instance');
  const gateway = await startBefore(service, authorities);
  expect(statusOf(await ask(gateway))).toBe(503);
  expect(await reasonOf(gateway)).toMatch(/does not match certificate's altnames/);
  expect(service.requests).toEqual([]);

  const expecting = await startBefore(service, `${authorities}, serverName: orders.internal`);
  expect(statusOf(await ask(expecting))).toBe(200);
  expect(service.requests).toMatchObject([{ servername: 'orders.internal' }]);
});

test('verify: false takes whatever there is', async () => {
  const service = await startHttpsService('instance');
  const gateway = await startBefore(service, 'verify: false');
  expect(statusOf(await ask(gateway))).toBe(200);
});

test('an instance that asks for a certificate is shown that of the service', async () => {
  const service = await startHttpsService('server', { insists: true });
  const gateway = await startBefore(service, `${authorities}, ${shown('orders')}`);
  expect(statusOf(await ask(gateway))).toBe(200);
  expect(service.requests).toMatchObject([{ caller: 'orders' }]);

  const without = await startBefore(service, authorities);
  expect(statusOf(await ask(without))).toBeGreaterThanOrEqual(502);
  const stranger = await startBefore(service, `${authorities}, ${shown('stranger')}`);
  expect(statusOf(await ask(stranger))).toBeGreaterThanOrEqual(502);
  expect(service.requests).toHaveLength(1);
});

test.each([
  ['an address', '127.0.0.1', false],
  ['a name', 'localhost', 'localhost'],
])(
  'with preserveHost the Host of the caller goes through, and has no say in whom to trust: %s',
  async (_, host, name) => {
    const service = await startHttpsService('server');
    const gateway = await startBefore(service, authorities, { host, more: 'preserveHost: true' });
    const hosts = ['a.example', 'b.example', 'a.example'];
    for (const each of hosts)
      expect(statusOf(await rawRequest(gateway.port, get('/').replace('api.example.com', each)))).toBe(200);
    expect(service.requests.map((request) => [request.host, request.servername])).toEqual(
      hosts.map((each) => [each, name]),
    );
    // One connection: callers cannot make the gateway open a new one by changing their Host.
    expect(new Set(service.requests.map(({ socket }) => socket)).size).toBe(1);
  },
);

test('services on one address do not share connections', async () => {
  const service = await startHttpsService('server');
  const gateway = await startGateway(`
services:
  open: { instances: ["https://127.0.0.1:${service.port}"], tls: { ${authorities} } }
  closed: { instances: ["https://127.0.0.1:${service.port}"], tls: { ${authorities}, ${shown('orders')} } }
routes:
  - { id: open, match: { path: "/open" }, to: { service: open }, access: public }
  - { id: closed, match: { path: "/closed" }, to: { service: closed }, access: public }
`);
  for (const path of ['/closed', '/open', '/closed', '/open']) await rawRequest(gateway.port, get(path));
  expect(service.requests.map(({ caller }) => caller)).toEqual(['orders', undefined, 'orders', undefined]);
});

test('WebSockets reach such instances by the same rules', async () => {
  const service = await startHttpsService('instance', { insists: true });
  const tls = `${authorities}, ${shown('orders')}, serverName: orders.internal`;
  const open = async (gateway: TestGateway): Promise<string> => {
    const connection = await connectRaw(gateway.port);
    const lines = ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
    connection.write(get('/', ...lines).replace('Connection: close', 'Connection: Upgrade'));
    return connection.until('\r\n\r\n');
  };
  const gateway = await startBefore(service, tls, { more: 'preserveHost: true' });
  expect(statusOf(await open(gateway))).toBe(101);
  expect(service.requests).toMatchObject([
    { servername: 'orders.internal', caller: 'orders', host: 'api.example.com' },
  ]);

  const strict = await startBefore(service, `${authorities}, ${shown('orders')}`, { more: 'preserveHost: true' });
  expect(statusOf(await open(strict))).toBeGreaterThanOrEqual(502);
  expect(service.requests).toHaveLength(1);
});

test.each([
  ['authorities', `authorities: ${fileOf('server.key')}`, 'server.key holds no certificate in PEM form'],
  ['certificate', `certificate: /nowhere/c.pem, key: ${fileOf('orders.key')}`, '/nowhere/c.pem does not exist'],
  ['key', `certificate: ${fileOf('orders.pem')}, key: ${fileOf('payments.key')}`, 'payments.key is not the key of'],
])('a file that cannot be used stops the start: %s', async (which, tls, reason) => {
  const service = await startHttpsService('server');
  await expect(startBefore(service, tls)).rejects.toThrow(new RegExp(`services\\.orders\\.tls\\.${which} .*${reason}`));
});
