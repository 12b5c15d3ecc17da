import type { Instance } from '../../model/instance.ts';

/** Where the instances of a service come from. */
export interface Discovery {
  /**
   * Tells the current set at once, and every later one. An empty set means that there is nothing to forward to; who
   * cannot tell (a failed look-up) stays silent, and the last set holds.
   * @returns ends the watch
   */
  watch(onChange: (instances: readonly Instance[]) => void): () => void;
}
