import type { RequestHandler } from 'express';
import type { OpenTunnel } from '../forwarding/upgrade.ts';
import type { Forward } from '../model/exchange.ts';
import type { CrossOrigin } from '../policies/policy.ts';
import type { Matcher } from './matcher.ts';

/** A route ready to be walked: everything that could be decided at load time is. */
export interface RoutePlan {
  readonly id: string;
  readonly service: string;
  /** What it says to pages of other origins; undefined: nothing, so that browsers let none of them in. */
  readonly crossOrigin: CrossOrigin | undefined;
  /** What a request must pass, in order, before anything is forwarded or answered from memory. */
  readonly guards: readonly RequestHandler[];
  readonly forward: Forward;
  /** The same for a WebSocket; a reply is that of an instance which refused. */
  readonly tunnel: OpenTunnel;
}

/** A compiled configuration. Frozen: a reload makes another one. */
export interface Plan {
  readonly matcher: Matcher<RoutePlan>;
  readonly routes: readonly RoutePlan[];
  /** Ends what the plan watches; exchanges that began with it go on. */
  close(): void;
}
