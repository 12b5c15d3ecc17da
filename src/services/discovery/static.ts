import type { Instance } from '../../model/instance.ts';
import type { Discovery } from './discovery.ts';

/** The instances that the configuration names. A reload brings another one of these. */
export function discoverStatic(instances: readonly Instance[]): Discovery {
  return {
    watch(onChange) {
      onChange(instances);
      return () => {};
    },
  };
}
