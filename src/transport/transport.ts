import type { Agent } from 'node:https';
import type { Readable } from 'node:stream';
import { type Client, type Dispatcher, Pool } from 'undici';
import type { HeaderList } from '../model/headers.ts';
import type { OnInterim } from '../model/reply.ts';
import { Call } from './call.ts';
import { createConnect } from './connect.ts';
import { createTlsAgent, type InstanceTls } from './instance-tls.ts';
import { Line } from './line.ts';

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
  /**
   * Starts a request; the call's `reply` settles with the answer's head or a {@link TransportError}.
   * @param onInterim hears of interim answers before it, except `100`, which is the gateway's own to say
   */
  send(origin: string, request: OutgoingRequest, timeouts: CallTimeouts, onInterim?: OnInterim): Call;
  /** What opens connections to an https origin with the same TLS, for what is sent by others; undefined for http. */
  agentOf(origin: string): Agent | undefined;
  /** Lets go of an instance's idle connections, and of the others as their exchanges end. */
  forget(origin: string): void;
  close(): Promise<void>;
}

export interface TransportOptions {
  /** Connections to one instance at the most; further requests wait for one. */
  readonly connectionsPerInstance: number;
  /** For https origins. Absent: the authorities that Node brings along, and no certificate of our own. */
  readonly tls?: InstanceTls | undefined;
}

/** The transport over undici: one pool for each origin and connect time-out. */
export function createTransport(options: TransportOptions): Transport {
  const pools = new Map<string, Map<number, Pool>>();
  const agents = new Map<string, Agent>();

  const open = (origin: string, connect: number): Pool => {
    // Silent time-outs and limits of undici's own are off: ours are exact, and a response may be as large as it likes.
    const pool = new Pool(origin, {
      connections: options.connectionsPerInstance,
      pipelining: 1,
      factory: (url, clientOptions) => new Line(url, clientOptions as Client.Options),
      connect: createConnect(connect, options.tls),
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const ofOrigin = pools.get(origin) ?? new Map<number, Pool>();
    pools.set(origin, ofOrigin.set(connect, pool));
    return pool;
  };

  // undici would go by the Host of each request, and open another connection whenever that changes. The name that counts
  // is chosen when connecting.
  const sendable = (origin: string, request: OutgoingRequest) =>
    (origin.startsWith('https:') ? { ...request, servername: origin } : request) as Dispatcher.DispatchOptions;

  return {
    send(origin, request, timeouts, onInterim) {
      const call = new Call(timeouts.firstByte, onInterim);
      const pool = pools.get(origin)?.get(timeouts.connect) ?? open(origin, timeouts.connect);
      try {
        pool.dispatch(sendable(origin, request), call);
      } catch (error) {
        call.onResponseError(undefined, error as Error);
      }
      return call;
    },
    agentOf(origin) {
      if (!origin.startsWith('https:')) return undefined;
      const agent = agents.get(origin) ?? createTlsAgent(hostOf(origin), options.tls);
      agents.set(origin, agent);
      return agent;
    },
    forget(origin) {
      for (const pool of pools.get(origin)?.values() ?? []) void pool.close();
      pools.delete(origin);
      agents.delete(origin);
    },
    async close() {
      await Promise.all([...pools.values()].flatMap((ofOrigin) => [...ofOrigin.values()].map((pool) => pool.close())));
    },
  };
}

const hostOf = (origin: string): string => new URL(origin).hostname.replace(/^\[|\]$/g, '');
