import path from 'node:path';
import { findPorts, waitForPort } from '../children.ts';
import type { RunningTarget, Surroundings } from './target.ts';

/** Starts one of this folder's `*-server.js` on the Node that runs the benchmark: `script port upstream…`. */
export async function startNodeTarget(script: string, surroundings: Surroundings): Promise<RunningTarget> {
  const { children, upstreams } = surroundings;
  const [port] = (await findPorts(1)) as [number];
  const args = [path.join(import.meta.dirname, script), String(port), ...upstreams];
  const child = children.start(process.execPath, args, {
    core: children.serverCore,
    env: { NODE_ENV: 'production' },
  });
  await waitForPort(port, child);
  return { url: `http://127.0.0.1:${port}`, process: child, stop: () => children.stop(child) };
}
