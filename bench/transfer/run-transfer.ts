import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { callHeaders } from '../call-headers.ts';
import { archivePath } from '../cases.ts';
import { type Children, findPorts, waitForPort } from '../children.ts';
import type { Bench } from '../measure.ts';
import { readLastLine } from '../read-last-line.ts';
import { type CoreUsage, readMemory, watchCores, watchMemory } from '../readings.ts';
import { rotate } from '../rotate.ts';
import type { RunningTarget, Surroundings, Target } from '../targets/target.ts';
import type { TransferOrder, TransferOutcome } from './caller.ts';
import { expectReceipt, type Receipt } from './content.ts';
import type { Transfer } from './transfers.ts';

/** One transfer through one target. */
export interface TransferMeasurement {
  /** Bytes a second, from the request's first byte to the reply's last one. */
  readonly speed: number;
  /** Bytes that the server's processes held at the most meanwhile, beyond what they held when idle; null without /proc. */
  readonly addedMemory: number | null;
  readonly cores: CoreUsage | null;
}

/** What a target did: a measurement a round, or the reason why there is none. */
export interface TransferResult {
  readonly transfer: Transfer;
  /** A target's name, or `direct` for no target in between. */
  readonly target: string;
  readonly rounds: readonly TransferMeasurement[];
  readonly failure?: string;
}

interface Contender {
  readonly name: string;
  readonly running: Pick<RunningTarget, 'url' | 'bearer' | 'process'>;
  /** Bytes held before the first large transfer; what a round leaves behind counts as added in the next one. */
  readonly idleMemory: number | null;
  readonly rounds: TransferMeasurement[];
  failure?: string;
}

const script = (name: string): string => path.join(import.meta.dirname, name);
const smallBytes = 1_000_000;
const settleMs = 500;

/**
 * Sends the bytes through each target once a round, another one first in each round, and once a round without a target
 * in between, which tells the most that upstream and caller can do together on their core.
 */
export async function runTransfer(
  bench: Bench,
  surroundings: Omit<Surroundings, 'signing' | 'upstreams'>,
  transfer: Transfer,
  targets: readonly Target[],
  rounds: number,
  tell: (line: string) => void,
): Promise<TransferResult[]> {
  const { children } = bench;
  const expected = expectReceipt(transfer.bytes);
  const upstream = await startUpstream(children);
  const contenders: Contender[] = [];
  const results: TransferResult[] = [];
  const started: RunningTarget[] = [];
  for (const target of targets) {
    try {
      const running = await target.start({ ...surroundings, upstreams: upstream.urls, signing: 'RS256' });
      started.push(running);
      contenders.push(await enter(target.name, running, transfer, children));
    } catch (error) {
      results.push({ transfer, target: target.name, rounds: [], failure: (error as Error).message });
    }
  }
  contenders.push(await enter('direct', { url: upstream.urls[0]!, process: upstream.process }, transfer, children));
  for (let round = 0; round < rounds; round++) {
    for (const contender of rotate(contenders, round)) {
      if (contender.failure) continue;
      try {
        const measurement = await measure(bench, contender, transfer, expected);
        contender.rounds.push(measurement);
        const speed = (measurement.speed / 1e6).toFixed(0);
        tell(`${transfer.id} round ${round + 1} of ${rounds}: ${contender.name} ${speed} MB/s`);
      } catch (error) {
        contender.failure = `${(error as Error).message}\n${contender.running.process.complaint()}`.trim();
      }
    }
  }
  for (const { stop } of started) await stop();
  await children.stop(upstream.process);
  return [
    ...contenders.map(({ name, rounds, failure }) => ({ transfer, target: name, rounds, ...(failure && { failure }) })),
    ...results,
  ];
}

async function startUpstream(children: Children) {
  const ports = await findPorts(3);
  const child = children.start(process.execPath, [script('upstream-server.ts'), ...ports.map(String)]);
  for (const port of ports) await waitForPort(port, child);
  return { urls: ports.map((port) => `http://127.0.0.1:${port}`), process: child };
}

/** Lets a small transfer show that the target does it at all, waits until it is idle again, and reads its memory. */
async function enter(
  name: string,
  running: Contender['running'],
  { direction }: Transfer,
  children: Children,
): Promise<Contender> {
  refuseLoss(await call(running, direction, smallBytes, children), expectReceipt(smallBytes));
  await delay(settleMs);
  return { name, running, idleMemory: readMemory(running.process.pid), rounds: [] };
}

async function measure(
  { pinning: { server, load }, children }: Bench,
  { running, idleMemory }: Contender,
  { direction, bytes }: Transfer,
  expected: Receipt,
): Promise<TransferMeasurement> {
  const readCores =
    server !== undefined && load !== undefined ? watchCores(server, load, () => children.pids()) : undefined;
  const readMost = watchMemory(running.process.pid);
  try {
    const outcome = await call(running, direction, bytes, children);
    refuseLoss(outcome, expected);
    const most = readMost();
    return {
      speed: bytes / outcome.seconds,
      addedMemory: most === null || idleMemory === null ? null : most - idleMemory,
      cores: readCores?.() ?? null,
    };
  } finally {
    readMost();
  }
}

async function call(
  running: Contender['running'],
  direction: Transfer['direction'],
  bytes: number,
  children: Children,
): Promise<TransferOutcome> {
  const authorization = callHeaders({ as: 'bearer' }, running).Authorization!;
  const order: TransferOrder = { url: running.url + archivePath(bytes), direction, bytes, authorization };
  const child = children.start(process.execPath, [script('caller.ts'), JSON.stringify(order)], { stdout: 'pipe' });
  return JSON.parse(await readLastLine(child)) as TransferOutcome;
}

function refuseLoss({ bytes, sum }: Receipt, expected: Receipt): void {
  if (bytes !== expected.bytes) throw new Error(`${bytes} of ${expected.bytes} bytes arrived`);
  if (sum !== expected.sum) throw new Error('as many bytes as were sent arrived, but other ones');
}
