import type { CoreUsage } from '../readings.ts';
import { type Spread, summarize } from '../statistics.ts';
import { describeCores, explainMarks, formatTable, nameOnce } from '../table.ts';
import type { TransferMeasurement, TransferResult } from './run-transfer.ts';

/** The figures of one target in one transfer: medians over the rounds, and the most memory of them all. */
export interface TransferRow {
  readonly transfer: string;
  readonly target: string;
  /** Bytes a second. */
  readonly speed?: Spread;
  /** Bytes. */
  readonly addedMemory?: number | null;
  readonly cores?: CoreUsage | null;
  /** Median speed divided by that of the transfer's peer. */
  readonly toPeer?: number | null;
  readonly failure?: string;
  readonly rounds?: readonly TransferMeasurement[];
}

/** The rows of the table, transfers in order. */
export function tabulateTransfers(results: readonly TransferResult[]): TransferRow[] {
  return results.map(({ transfer, target, rounds, failure }) => {
    if (failure !== undefined) return { transfer: transfer.id, target, failure };
    const speed = speedOf(rounds);
    const peer = results.find((other) => other.transfer === transfer && other.target === transfer.peer);
    const added = rounds.flatMap(({ addedMemory }) => addedMemory ?? []);
    return {
      transfer: transfer.id,
      target,
      speed,
      addedMemory: added.length === 0 ? null : Math.max(...added),
      cores: coresOf(rounds),
      toPeer: peer && peer.failure === undefined ? speed.median / speedOf(peer.rounds).median : null,
      rounds,
    };
  });
}

function speedOf(rounds: readonly TransferMeasurement[]): Spread {
  return summarize(rounds.map(({ speed }) => speed));
}

function coresOf(rounds: readonly TransferMeasurement[]): CoreUsage | null {
  if (!rounds.every(({ cores }) => cores)) return null;
  const median = (part: keyof CoreUsage) => summarize(rounds.map(({ cores }) => cores![part])).median;
  return { server: median('server'), load: median('load'), foreign: median('foreign') };
}

const head = ['transfer', 'target', 'MB/s', 'min..max', 'added MB', 'server/load core', '× peer'];

/** The table for a terminal, which is Markdown too. */
export function printTransfers(rows: readonly TransferRow[]): string {
  const names = nameOnce(rows.map(({ transfer }) => transfer));
  const lines = rows.map((row, index) => [names[index]!, row.target, ...cells(row)]);
  return formatTable(head, lines) + explainMarks(rows.filter(({ target }) => target !== 'direct'));
}

function cells({ target, speed, addedMemory, cores, toPeer }: TransferRow): string[] {
  if (!speed) return ['FAILED', '', '', '', ''];
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  const isServer = target !== 'direct';
  return [
    megabytes(speed.median),
    `${megabytes(speed.min)}..${megabytes(speed.max)}`,
    isServer ? (addedMemory == null ? '?' : megabytes(addedMemory)) : '-',
    isServer ? describeCores(cores) : '-',
    toPeer == null ? '-' : toPeer.toFixed(2),
  ];
}
