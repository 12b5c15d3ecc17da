import type { Children } from '../children.ts';
import { findCommand } from '../machine.ts';
import { autocannon } from './autocannon.ts';
import { wrk } from './wrk.ts';

/** What to send, where, and for how long. */
export interface LoadOrder {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly connections: number;
  /** Whole seconds. */
  readonly seconds: number;
}

/** What came of it. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly bytesRead: number;
  /** Latency in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly badStatuses: number;
  readonly socketErrors: number;
}

/** A load generator: keeps every connection busy, one request at a time on each, in a process of its own. */
export interface Load {
  readonly name: string;
  run(order: LoadOrder, children: Children, scratch: string): Promise<LoadResult>;
}

/** wrk where it is installed, else autocannon. */
export function chooseLoad(): Load {
  return findCommand('wrk') ? wrk : autocannon;
}
