import { callHeaders } from './call-headers.ts';
import type { Case } from './cases.ts';
import type { Children } from './children.ts';
import type { ExpectedReply } from './expected-reply.ts';
import type { Load, LoadOrder, LoadResult } from './load/load.ts';
import type { Pinning } from './machine.ts';
import { type CoreUsage, readPeakMemory, watchCores } from './readings.ts';
import type { RunningTarget } from './targets/target.ts';

/** One measurement of one target. */
export interface Measurement {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Bytes, the most so far; null where the system does not tell. */
  readonly peakMemory: number | null;
  /** Null where nothing is pinned. */
  readonly cores: CoreUsage | null;
}

export interface Bench {
  readonly load: Load;
  readonly pinning: Pinning;
  readonly children: Children;
  readonly scratch: string;
}

/** Warms a target up, then measures it. Throws when even one reply of either was wrong or missing. */
export async function measure(
  bench: Bench,
  { call, connections, reply }: Case,
  running: RunningTarget,
  seconds: { readonly warmUp: number; readonly measured: number },
): Promise<Measurement> {
  const order: LoadOrder = {
    url: running.url + call.path,
    method: call.method,
    headers: callHeaders(call, running),
    connections,
    seconds: seconds.measured,
    ...(call.body && { body: call.body.text }),
  };
  const run = (order: LoadOrder) => bench.load.run(order, bench.children, bench.scratch);
  refuseErrors(await run({ ...order, seconds: seconds.warmUp }), reply);
  const { server, load } = bench.pinning;
  const readCores =
    server !== undefined && load !== undefined ? watchCores(server, load, () => bench.children.pids()) : undefined;
  const result = await run(order);
  const measurement: Measurement = {
    requestsPerSecond: result.requests / result.seconds,
    p50: result.p50,
    p99: result.p99,
    peakMemory: readPeakMemory(running.process.pid),
    cores: readCores?.() ?? null,
  };
  refuseErrors(result, reply);
  return measurement;
}

function refuseErrors(result: LoadResult, { least }: ExpectedReply): void {
  const { requests, badStatuses, socketErrors, bytesRead } = result;
  if (requests === 0) throw new Error('answered nothing');
  if (badStatuses > 0) throw new Error(`${badStatuses} of ${requests} replies had a wrong status`);
  if (socketErrors > 0) throw new Error(`${socketErrors} socket errors or time-outs in ${requests} requests`);
  if (bytesRead < requests * least) throw new Error('replies were shorter than the verified one');
}
