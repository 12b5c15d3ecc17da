import type { Instance } from '../model/instance.ts';

/** How long an instance that could not be reached is left alone, in milliseconds. */
const coolDown = 1000;

/**
 * The live side of an instance: what the gateway has learned about it. Survives reloads of the configuration.
 * An instance that could not be reached is left alone for a second; then one exchange may try it again.
 */
export class InstanceState {
  readonly instance: Instance;
  /** Attempts that are going on. */
  inFlight = 0;
  #unreachableUntil = 0;
  #reachable = true;

  constructor(instance: Instance) {
    this.instance = instance;
  }

  get reachable(): boolean {
    return this.#reachable;
  }

  /** Whether an attempt may go there at this time (monotonic, in milliseconds). */
  isAvailable(now: number): boolean {
    return this.#reachable || now >= this.#unreachableUntil;
  }

  /** An attempt to an unreachable instance is a trial: the next one waits until this one has told. */
  begin(now: number): void {
    this.inFlight += 1;
    if (!this.#reachable) this.#unreachableUntil = now + coolDown;
  }

  end(): void {
    this.inFlight -= 1;
  }

  /** It answered. Returns whether that is news. */
  markReachable(): boolean {
    const news = !this.#reachable;
    this.#reachable = true;
    return news;
  }

  /** No connection. Returns whether that is news. */
  markUnreachable(now: number): boolean {
    const news = this.#reachable;
    this.#reachable = false;
    this.#unreachableUntil = now + coolDown;
    return news;
  }
}
