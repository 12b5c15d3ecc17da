import { once } from 'node:events';
import { createServer } from 'node:net';
import { Writable } from 'node:stream';
import request from 'supertest';
import { parseConfig } from '../src/config/load.ts';
import { ConfigError } from '../src/config/problem.ts';
import { createGateway } from '../src/gateway.ts';
import { connectRaw } from './support/raw-client.ts';
import { always, reply, startScriptedUpstream } from './support/scripted-upstream.ts';
import { startGateway } from './support/start-gateway.ts';

const output = () => new Writable({ write: (_chunk, _encoding, done) => done() });

function create(yaml: string) {
  const text = `version: 1\nissuer: http://127.0.0.1:8080\nstore: { use: memory }\noauth: { signing: ES256 }\n${yaml}`;
  return createGateway({ ...parseConfig(text, { file: 'test.yaml', environment: {} }), output: output() });
}

test('the issuer follows a port that the system chose', async () => {
  const gateway = await startGateway('');
  const { body } = await request(gateway.url).get('/.well-known/oauth-authorization-server');
  expect(body.issuer).toBe(gateway.url);
  await gateway.logged({ message: 'garita is ready', listening: gateway.url, operations: gateway.operationsUrl });
});

test('a port in use is an error of its own, and nothing stays behind', async () => {
  const other = createServer();
  await once(other.listen(0, '127.0.0.1'), 'listening');
  const { port } = other.address() as { port: number };
  await expect(create(`listen: { public: "127.0.0.1:${port}", operations: "127.0.0.1:0" }`)).rejects.toMatchObject({
    code: 'EADDRINUSE',
    port,
  });
  await expect(create(`listen: { public: "127.0.0.1:0", operations: "127.0.0.1:${port}" }`)).rejects.toMatchObject({
    code: 'EADDRINUSE',
    port,
  });
  await new Promise((resolve) => other.close(resolve));
});

test('what only linking finds is told before anything is opened', async () => {
  const yaml = 'services: { a: { instances: ["http://127.0.0.1:1"], balance: round-robbin } }';
  await expect(create(yaml)).rejects.toThrow(ConfigError);
});

test('closing lets what is going on finish, takes nothing new, and ends the listeners', async () => {
  let answer = (): void => {};
  const upstream = await startScriptedUpstream((_request, socket) => {
    answer = () => void socket.write(reply(200, [], 'finished'));
  });
  const gateway = await startGateway(`
services: { things: { instances: ["${upstream.url}"] } }
routes: [{ id: things, match: { path: /* }, to: { service: things }, access: public }]
`);
  const [going, idle] = [await connectRaw(gateway.port), await connectRaw(gateway.port)];
  going.write('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
  await upstream.request(1);
  const closed = gateway.close();
  await idle.closed;
  await expect(connectRaw(gateway.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  answer();
  expect(await going.closed).toMatch(/\r\n\r\nfinished$/);
  await closed;
  await expect(connectRaw(Number(new URL(gateway.operationsUrl).port))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await upstream.disconnected();
  expect(gateway.log.map(({ message }) => message)).toEqual([
    'garita is ready',
    'garita is stopping',
    'exchange',
    'garita has stopped',
  ]);
});

test('two gateways in a row are no loop', async () => {
  const upstream = await startScriptedUpstream(always(200, [], 'hello'));
  const yaml = (url: string) => `
services: { next: { instances: ["${url}"] } }
routes: [{ id: next, match: { path: /* }, to: { service: next }, access: public }]
`;
  const inner = await startGateway(yaml(upstream.url));
  const outer = await startGateway(yaml(inner.url));
  expect((await request(outer.url).get('/x')).text).toBe('hello');
  expect(upstream.requests[0]!.header('via')).toMatch(/^1\.1 garita-[0-9a-f]{8}, 1\.1 garita-[0-9a-f]{8}$/);
});
