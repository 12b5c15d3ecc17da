import { startNodeTarget } from './node-target.ts';
import type { Target } from './target.ts';

export const stock: Target = {
  name: 'stock',
  about: 'Express and http-proxy-middleware: one keep-alive agent, xfwd, a round-robin router, nothing else',
  caches: false,
  start: (surroundings) => startNodeTarget('stock-server.js', surroundings),
};
