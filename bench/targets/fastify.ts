import { startNodeTarget } from './node-target.ts';
import type { Target } from './target.ts';

export const fastify: Target = {
  name: 'fastify',
  about: '@fastify/http-proxy with its defaults, in front of one instance, as it takes only one',
  caches: false,
  start: (surroundings) => startNodeTarget('fastify-server.js', surroundings),
};
