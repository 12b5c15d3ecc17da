import type { InstanceState } from '../instance-state.ts';
import type { BalancerKind } from './balancer.ts';

/**
 * Power of two choices: draws two different instances and takes the one with fewer attempts in flight for its weight.
 * Slow instances gather attempts and so get fewer, without the herd that runs to the one least busy.
 */
export const randomTwo: BalancerKind = {
  name: 'random-two',
  create(random) {
    return {
      choose(candidates) {
        if (candidates.length === 1) return candidates[0]!;
        const first = Math.floor(random() * candidates.length);
        const step = 1 + Math.floor(random() * (candidates.length - 1));
        const a = candidates[first]!;
        const b = candidates[(first + step) % candidates.length]!;
        return load(b) < load(a) ? b : a;
      },
    };
  },
};

const load = ({ inFlight, instance }: InstanceState): number => (inFlight + 1) / instance.weight;
