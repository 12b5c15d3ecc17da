import type { InstanceState } from '../instance-state.ts';

/** Chooses among the instances of one service. Keeps its own memory; one is made for each service. */
export interface Balancer {
  /** @param candidates at least one */
  choose(candidates: readonly InstanceState[]): InstanceState;
}

/** A kind of balancer, by the name that the configuration uses. */
export interface BalancerKind {
  readonly name: string;
  /** @param random uniform in [0, 1) */
  create(random: () => number): Balancer;
}
