import { compileMatcher } from '../../src/plan/matcher.ts';
import type { MatcherContender } from './matcher-contender.ts';

/** Garita's own matcher, asked as the gateway asks it. */
export const garita: MatcherContender = {
  name: 'garita',
  expressions: true,
  build(routes) {
    const matcher = compileMatcher(
      routes.map(({ id, template, expression }) => ({
        match: { methods: ['GET'], ...(template === undefined ? { pattern: expression! } : { path: template }) },
        priority: 0,
        value: id,
      })),
    );
    return (path) => {
      const match = matcher.find({ method: 'GET', host: '127.0.0.1:8080', path, query: '', headers: [] });
      return match.kind === 'route' ? match.value : undefined;
    };
  },
};
