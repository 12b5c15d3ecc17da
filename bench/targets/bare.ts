import { startNodeTarget } from './node-target.ts';
import type { Target } from './target.ts';

export const bare: Target = {
  name: 'bare',
  about: "Node's own http server answering the 400 bytes itself: what this runtime can do at most",
  caches: false,
  start: (surroundings) => startNodeTarget('bare-server.ts', surroundings),
};
