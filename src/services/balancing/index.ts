import type { BalancerKind } from './balancer.ts';
import { randomTwo } from './random-two.ts';
import { roundRobin } from './round-robin.ts';

/** Every balancer there is. */
export const balancers: readonly BalancerKind[] = [roundRobin, randomTwo];
