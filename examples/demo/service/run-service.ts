import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createListener } from './listener.ts';
import type { Routes } from './router.ts';
import { readSettings, type Settings } from './settings.ts';

/** What one kind of service brings: its routes, and how to let go of what they hold. */
export interface Service {
  readonly routes: Routes;
  close(): void;
}

const KEEP_ALIVE_MS = 30_000;
const GRACE_MS = 3_000;

/**
 * Runs a service as this process. Prints one JSON line with its address once it accepts connections; when it cannot
 * start, one line on stderr and exit code 1. On SIGTERM, SIGINT or the end of the parent's IPC channel it finishes what
 * it is answering, within 3 s, and exits with code 0.
 */
export async function runService(
  name: string,
  create: (settings: Settings, env: NodeJS.ProcessEnv) => Service | Promise<Service>,
): Promise<void> {
  try {
    const settings = readSettings(name, process.env);
    const service = await create(settings, process.env);
    const listener = createListener(settings.instance, service.routes, () => !server.listening);
    const server: Server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listener);
    server.once('close', () => service.close());
    await listen(server, settings);
    const listening = formatUrl(server);
    stopWhenAsked(server);
    console.log(JSON.stringify({ listening, instance: settings.instance }));
  } catch (error) {
    console.error(`${name}: ${(error as Error).message}`);
    process.exit(1);
  }
}

async function listen(server: Server, { host, port }: Settings): Promise<void> {
  try {
    await once(server.listen(port, host), 'listening');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    throw new Error(`cannot listen on ${host}:${port} (${reason}); choose another HOST or PORT`, { cause });
  }
}

function stopWhenAsked(server: Server): void {
  const stop = () => {
    if (!server.listening) return;
    server.close(() => process.exit(0));
    setTimeout(() => server.closeAllConnections(), GRACE_MS);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  process.once('disconnect', stop);
  const lostItsParent = process.send !== undefined && !process.connected;
  if (lostItsParent) stop();
}

function formatUrl(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
