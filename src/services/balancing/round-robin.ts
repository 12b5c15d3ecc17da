import type { InstanceState } from '../instance-state.ts';
import type { BalancerKind } from './balancer.ts';

/**
 * Each in turn, by weight, and spread out: smooth weighted round-robin, as nginx does it. With weights 2, 1, 1 the
 * order is a b a c, never a a b c.
 */
export const roundRobin: BalancerKind = {
  name: 'round-robin',
  create() {
    const credits = new WeakMap<InstanceState, number>();
    return {
      choose(candidates) {
        let total = 0;
        let chosen = candidates[0]!;
        let best = Number.NEGATIVE_INFINITY;
        for (const candidate of candidates) {
          const { weight } = candidate.instance;
          const credit = (credits.get(candidate) ?? 0) + weight;
          credits.set(candidate, credit);
          total += weight;
          if (credit > best) {
            best = credit;
            chosen = candidate;
          }
        }
        credits.set(chosen, best - total);
        return chosen;
      },
    };
  },
};
