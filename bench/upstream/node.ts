import path from 'node:path';
import type { Child, Children } from '../children.ts';

const script = path.join(import.meta.dirname, 'node-server.ts');

/** One Node process that listens on all the ports. */
export function startNodeUpstream(ports: readonly number[], children: Children): Child {
  return children.start(process.execPath, [script, ...ports.map(String)], { env: { NODE_ENV: 'production' } });
}
