import type { Child, Children } from '../children.ts';
import { findPorts, waitForPort } from '../children.ts';
import { findCommand } from '../machine.ts';
import { startNginxUpstream } from './nginx.ts';
import { startNodeUpstream } from './node.ts';

/** The service behind every target. */
export interface Upstream {
  readonly name: string;
  /** `http://127.0.0.1:port` of its three instances. */
  readonly urls: readonly string[];
}

/**
 * Starts the three instances: one process that listens on three ports, because they share the core with the load
 * generator and the cheapest upstream is the one that says most about what is in front of it. nginx where it is
 * installed, else Node.
 */
export async function startUpstream(children: Children, scratch: string): Promise<Upstream> {
  const ports = await findPorts(3);
  const [name, start] = findCommand('nginx')
    ? (['nginx', startNginxUpstream] as const)
    : (['node', startNodeUpstream] as const);
  const child: Child = start(ports, children, scratch);
  for (const port of ports) await waitForPort(port, child);
  return { name, urls: ports.map((port) => `http://127.0.0.1:${port}`) };
}
