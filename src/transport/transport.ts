import type { Readable } from 'node:stream';
import { type Dispatcher, Pool } from 'undici';
import type { HeaderList } from '../model/headers.ts';
import { Call } from './call.ts';
import { createConnect } from './connect.ts';

/** One request for one instance, complete: nothing is added to it but its framing. */
export interface OutgoingRequest {
  readonly method: string;
  /** Path and query, as they go on the wire. */
  readonly path: string;
  readonly headers: HeaderList;
  readonly body: Readable | Buffer | null;
}

/** Time limits of one request, in milliseconds. */
export interface CallTimeouts {
  readonly connect: number;
  readonly firstByte: number;
}

/** Sends requests to instances over connections that it keeps. */
export interface Transport {
  /** Starts a request; the call's `reply` settles with the answer's head or a {@link TransportError}. */
  send(origin: string, request: OutgoingRequest, timeouts: CallTimeouts): Call;
  /** Lets go of an instance's idle connections, and of the others as their exchanges end. */
  forget(origin: string): void;
  close(): Promise<void>;
}

export interface TransportOptions {
  /** Connections to one instance at the most; further requests wait for one. */
  readonly connectionsPerInstance: number;
}

/** The transport over undici: one pool for each origin and connect time-out. */
export function createTransport(options: TransportOptions): Transport {
  const pools = new Map<string, Map<number, Pool>>();

  const open = (origin: string, connect: number): Pool => {
    // Silent time-outs and limits of undici's own are off: ours are exact, and a response may be as large as it likes.
    const pool = new Pool(origin, {
      connections: options.connectionsPerInstance,
      pipelining: 1,
      connect: createConnect(connect),
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const ofOrigin = pools.get(origin) ?? new Map<number, Pool>();
    pools.set(origin, ofOrigin.set(connect, pool));
    return pool;
  };

  return {
    send(origin, request, timeouts) {
      const call = new Call(timeouts.firstByte);
      const pool = pools.get(origin)?.get(timeouts.connect) ?? open(origin, timeouts.connect);
      try {
        pool.dispatch(request as Dispatcher.DispatchOptions, call);
      } catch (error) {
        call.onResponseError(undefined, error as Error);
      }
      return call;
    },
    forget(origin) {
      for (const pool of pools.get(origin)?.values() ?? []) void pool.close();
      pools.delete(origin);
    },
    async close() {
      await Promise.all([...pools.values()].flatMap((ofOrigin) => [...ofOrigin.values()].map((pool) => pool.close())));
    },
  };
}
