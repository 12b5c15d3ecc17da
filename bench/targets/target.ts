import type { Child, Children } from '../children.ts';

export type TargetName = 'garita' | 'stock' | 'fastify' | 'nginx' | 'bare' | 'oidc-provider';

/** Algorithms that sign tokens. */
export type Signing = 'RS256' | 'ES256';

/** What a target is given: where to forward to, and where it may run and write. */
export interface Surroundings {
  readonly children: Children;
  /** Addresses of the three upstream instances, `http://127.0.0.1:port`. */
  readonly upstreams: readonly string[];
  /** A directory of this run, removed at its end. */
  readonly scratch: string;
  /** For targets that issue tokens. */
  readonly signing: Signing;
}

/** A target that is listening. */
export interface RunningTarget {
  /** `http://127.0.0.1:port`, without a path. */
  readonly url: string;
  readonly process: Child;
  /** What its callers send as `Authorization`, when it checks one. */
  readonly bearer?: string;
  /** What the client that gets tokens sends as `Authorization`, when it issues any. */
  readonly client?: string;
  stop(): Promise<void>;
}

/** A server whose speed is compared: one file of this folder, one line in its index. */
export interface Target {
  readonly name: TargetName;
  readonly about: string;
  /** Whether it answers the cache-hit case from a cache of its own; its replies then say so in `Cache-Status`. */
  readonly caches: boolean;
  /** Why it cannot run on this machine, if so: it is then left out, and the table says so. */
  absent?(): string | undefined;
  /** Resolves when it accepts connections; throws with what it wrote to stderr when it does not start. */
  start(surroundings: Surroundings): Promise<RunningTarget>;
}
