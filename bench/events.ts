import { type EventEmitter, once } from 'node:events';
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
  /** Events that the upstream sends, each only when the caller has got the one before; the stream stays open. */
  readonly sent: number;
  readonly arrived: number;
  /** Milliseconds from the write at the upstream to the read at the caller, of those that arrived. */
  readonly median?: number;
  readonly slowest?: number;
  readonly failure?: string;
}

const events = 20;
const opening = ': a comment, because not every target passes the head on before there is some body\n\n';
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
  let begin!: (stream: http.ServerResponse) => void;
  const streamed = new Promise<http.ServerResponse>((resolve) => {
    begin = resolve;
  });
  const instances = Array.from({ length: 3 }, () =>
    http.createServer((_request, reply) => {
      reply.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(opening);
      begin(reply);
    }),
  );
  const upstreams = await Promise.all(instances.map(listen));
  let running: RunningTarget | undefined;
  const times: number[] = [];
  try {
    running = await target.start({ ...surroundings, upstreams, signing: 'RS256' });
    const reply = await openStream(running);
    const stream = await streamed;
    while (times.length < events) times.push(await passEvent(stream, reply, times.length));
    reply.destroy();
  } catch (error) {
    return { target: target.name, sent: events, arrived: times.length, failure: (error as Error).message };
  } finally {
    await running?.stop();
    for (const instance of instances) instance.close().closeAllConnections();
  }
  const { median, max } = summarize(times);
  return { target: target.name, sent: events, arrived: times.length, median, slowest: max };
}

async function listen(instance: http.Server): Promise<string> {
  await once(instance.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(instance.address() as AddressInfo).port}`;
}

/** Resolves when the head has come and the comment after it. */
async function openStream(running: RunningTarget): Promise<http.IncomingMessage> {
  const request = http.get(running.url + paths.events, { headers: callHeaders({ as: 'bearer' }, running) });
  // What goes wrong later shows in the reply.
  request.on('error', () => {});
  const [reply] = (await inTime(request, 'response', 'the head of the stream')) as [http.IncomingMessage];
  if (reply.statusCode !== 200) throw new Error(`answers ${reply.statusCode}`);
  await receive(reply.setEncoding('utf8'), opening);
  return reply;
}

/** Milliseconds on its way. Throws when it has not come in a second, in which the upstream is silent. */
async function passEvent(stream: http.ServerResponse, reply: http.IncomingMessage, id: number): Promise<number> {
  const event = `id: ${id}\ndata: ${'x'.repeat(100)}\n\n`;
  const start = performance.now();
  stream.write(event);
  await receive(reply, event);
  return performance.now() - start;
}

async function receive(reply: http.IncomingMessage, expected: string): Promise<void> {
  let text = '';
  while (text.length < expected.length) text += (await inTime(reply, 'data', JSON.stringify(expected)))[0];
  if (text !== expected) throw new Error(`${JSON.stringify(text)} arrived instead of ${JSON.stringify(expected)}`);
}

async function inTime(emitter: EventEmitter, name: string, what: string): Promise<unknown[]> {
  const signal = AbortSignal.timeout(patienceMs);
  try {
    return await once(emitter, name, { signal });
  } catch (error) {
    throw signal.aborted ? new Error(`not within ${patienceMs} ms: ${what}`) : error;
  }
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
