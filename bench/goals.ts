import type { EventRow } from './events.ts';
import type { MatcherRow } from './matcher.ts';
import type { Row } from './report.ts';
import type { TransferRow } from './transfer/report.ts';

/** A figure of the task, and whether this run reached it. */
export interface Goal {
  readonly goal: string;
  readonly value: number;
  readonly reached: boolean;
}

/** What a run has measured. */
export interface Figures {
  readonly rows: readonly Row[];
  readonly matchers: readonly MatcherRow[];
  readonly transfers: readonly TransferRow[];
  readonly events: readonly EventRow[];
}

/** What the tasks ask of Garita, as far as these figures tell. */
export function judge(figures: Figures): Goal[] {
  return [
    ...judgeCases(figures.rows),
    ...figures.transfers.filter(({ target }) => target === 'garita').flatMap(judgeTransfer),
    ...figures.events.filter(({ target }) => target === 'garita').map(judgeEvents),
    ...figures.matchers
      .filter(({ matcher, routes }) => matcher === 'garita' && routes === 10_000)
      .map(({ kind, nanoseconds }) =>
        below(`matching among 10,000 ${kind}, under 2 µs`, nanoseconds.median / 1_000, 2),
      ),
  ].filter(({ value }) => !Number.isNaN(value));
}

function judgeCases(rows: readonly Row[]): Goal[] {
  const speed = (id: string, target: string) =>
    rows.find((row) => row.case === id && row.target === target)?.requestsPerSecond?.median ?? Number.NaN;
  const ratio = (id: string, peer: string) => speed(id, 'garita') / speed(id, peer);
  return [
    atLeast('forwarded GET, at least 1.35 × stock', ratio('get@64', 'stock'), 1.35),
    atLeast('forwarded GET, at least 1.25 × fastify', ratio('get@64', 'fastify'), 1.25),
    atLeast('cache hit, at least 2 × stock forwarding', ratio('cache-hit@64', 'stock'), 2),
    atLeast('forwarded GET, at least 0.5 × nginx (the goal behind)', ratio('get@64', 'nginx'), 0.5),
    atLeast('tokens with RS256, at least 3 × oidc-provider', ratio('token-rs256@64', 'oidc-provider'), 3),
    atLeast('tokens with ES256, at least 8 × oidc-provider', ratio('token-es256@64', 'oidc-provider'), 8),
  ];
}

function judgeTransfer({ transfer, toPeer, addedMemory }: TransferRow): Goal[] {
  return [
    atLeast(`${transfer}, at least 0.8 × fastify`, toPeer ?? Number.NaN, 0.8),
    below(`${transfer}, under 64 MB of added memory`, addedMemory == null ? Number.NaN : addedMemory / 1e6, 64),
  ];
}

const judgeEvents = ({ sent, arrived, failure }: EventRow): Goal => ({
  goal: `events that arrive while the upstream is silent, all of ${sent}`,
  value: arrived,
  reached: failure === undefined,
});

const atLeast = (goal: string, value: number, least: number): Goal => ({ goal, value, reached: value >= least });
const below = (goal: string, value: number, most: number): Goal => ({ goal, value, reached: value < most });
