import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { callHeaders } from './call-headers.ts';
import { paths } from './cases.ts';
import { summarize } from './statistics.ts';
import type { RunningTarget, Surroundings, Target, TargetName } from './targets/target.ts';

/** Who is asked to pass events on. */
export const eventTargets: readonly TargetName[] = ['garita', 'stock', 'fastify'];

/** Whether a target passes on what has come while no more comes. */
export interface EventRow {
  readonly target: string;
  /** Events that the upstream has sent, each only when the caller had got the one before; the stream stays open. */
  readonly sent: number;
  readonly arrived: number;
  /** Milliseconds from the write at the upstream to the read at the caller, of those that arrived. */
  readonly median?: number;
  readonly slowest?: number;
  readonly failure?: string;
}

const events = 20;
const patienceMs = 1_000;

/** Starts each target in front of an upstream in this process, so that one clock measures both ends of the way. */
export async function checkEvents(
  surroundings: Omit<Surroundings, 'signing' | 'upstreams'>,
  targets: readonly Target[],
): Promise<EventRow[]> {
  const rows: EventRow[] = [];
  for (const target of targets) rows.push(await checkTarget(surroundings, target));
  return rows;
}

async function checkTarget(
  surroundings: Omit<Surroundings, 'signing' | 'upstreams'>,
  target: Target,
): Promise<EventRow> {
  const upstream = http.createServer((_request, reply) => {
    reply.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
  });
  const streams = new Promise<http.ServerResponse>((resolve) =>
    upstream.on('request', (_request, reply) => resolve(reply)),
  );
  await once(upstream.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  let running: RunningTarget | undefined;
  const times: number[] = [];
  try {
    running = await target.start({ ...surroundings, upstreams: [url, url, url], signing: 'RS256' });
    const reply = await openStream(running);
    const stream = await streams;
    while (times.length < events) times.push(await passEvent(stream, reply, times.length));
    reply.destroy();
  } catch (error) {
    return { target: target.name, sent: times.length + 1, arrived: times.length, failure: (error as Error).message };
  } finally {
    await running?.stop();
    upstream.close().closeAllConnections();
  }
  const { median, max } = summarize(times);
  return { target: target.name, sent: events, arrived: times.length, median, slowest: max };
}

/** The head of the stream comes while there is no event yet. */
async function openStream(running: RunningTarget): Promise<http.IncomingMessage> {
  const headers = callHeaders({ as: 'bearer' }, running);
  const request = http.get(running.url + paths.events, { headers });
  const signal = AbortSignal.timeout(patienceMs);
  const [reply] = (await once(request, 'response', { signal }).catch((error: Error) => {
    request.destroy();
    throw signal.aborted ? new Error('the head of the stream does not arrive') : error;
  })) as [http.IncomingMessage];
  if (reply.statusCode !== 200) throw new Error(`answers ${reply.statusCode}`);
  return reply.setEncoding('utf8');
}

/** Milliseconds on its way. Throws when it has not come in a second, in which the upstream is silent. */
async function passEvent(stream: http.ServerResponse, reply: http.IncomingMessage, id: number): Promise<number> {
  const event = `id: ${id}\ndata: ${'x'.repeat(100)}\n\n`;
  const start = performance.now();
  stream.write(event);
  let arrived = '';
  const signal = AbortSignal.timeout(patienceMs);
  while (arrived.length < event.length) {
    const [text] = (await once(reply, 'data', { signal }).catch(() => {
      throw new Error(`event ${id + 1} did not arrive within ${patienceMs} ms`);
    })) as [string];
    arrived += text;
  }
  if (arrived !== event) throw new Error('another event than the one that was sent arrived');
  return performance.now() - start;
}

/** The lines for a terminal. */
export function printEvents(rows: readonly EventRow[]): string {
  return rows
    .map(({ target, sent, arrived, median, slowest, failure }) =>
      failure === undefined
        ? `${target.padEnd(8)} ${arrived} of ${sent} events; median ${median!.toFixed(2)} ms, slowest ${slowest!.toFixed(2)} ms`
        : `${target.padEnd(8)} FAILED: ${failure}`,
    )
    .join('\n');
}
