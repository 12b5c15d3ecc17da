import { once } from 'node:events';
import { createServer } from 'node:net';
import { preferPort } from '../../../../examples/demo/launcher/prefer-port.ts';

test('a free port is taken, one in use is not', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  expect(await preferPort(port)).toBe(0);
  server.close();
  await once(server, 'close');
  expect(await preferPort(port)).toBe(port);
});
