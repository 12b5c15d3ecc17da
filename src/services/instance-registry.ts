import type { Instance } from '../model/instance.ts';
import { InstanceState } from './instance-state.ts';

/** Live state by service and address. Outlives plans, so that a reload forgets nothing about an instance that stays. */
export class InstanceRegistry {
  readonly #services = new Map<string, Map<string, InstanceState>>();

  stateOf(service: string, instance: Instance): InstanceState {
    let states = this.#services.get(service);
    if (states === undefined) {
      states = new Map();
      this.#services.set(service, states);
    }
    const known = states.get(instance.id);
    if (known?.instance.origin === instance.origin && known.instance.weight === instance.weight) return known;
    const state = new InstanceState(instance);
    states.set(instance.id, state);
    return state;
  }

  /** Everything that is known, for the operator. */
  *list(): Iterable<{ readonly service: string; readonly state: InstanceState }> {
    for (const [service, states] of this.#services) for (const state of states.values()) yield { service, state };
  }
}
