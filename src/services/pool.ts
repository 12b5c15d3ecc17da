import type { Instance } from '../model/instance.ts';
import type { Balancer } from './balancing/balancer.ts';
import type { InstanceState } from './instance-state.ts';

/** The instances of one service, and the choice among them. */
export class Pool {
  readonly service: string;
  readonly #balancer: Balancer;
  #states: readonly InstanceState[] = [];

  constructor(service: string, balancer: Balancer) {
    this.service = service;
    this.#balancer = balancer;
  }

  get states(): readonly InstanceState[] {
    return this.#states;
  }

  /** Takes a new set of instances; `stateOf` keeps what is known of those that stay. */
  update(instances: readonly Instance[], stateOf: (instance: Instance) => InstanceState): void {
    this.#states = instances.map(stateOf);
  }

  /**
   * The instance for the next attempt, or undefined when none can be reached right now.
   * @param now monotonic, in milliseconds
   * @param tried instances that this exchange has been to: not chosen again
   */
  pick(now: number, tried: readonly InstanceState[]): InstanceState | undefined {
    let candidates = this.#states;
    if (tried.length > 0 || !candidates.every((state) => state.reachable)) {
      candidates = candidates.filter((state) => state.isAvailable(now) && !tried.includes(state));
    }
    return candidates.length === 0 ? undefined : this.#balancer.choose(candidates);
  }
}
