import { once } from 'node:events';
import { createServer } from 'node:net';

/** This port when it can be had on 127.0.0.1, else 0: any free one. */
export async function preferPort(port: number): Promise<number> {
  const probe = createServer();
  try {
    await once(probe.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return 0;
  }
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
