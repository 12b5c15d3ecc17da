import { styleText } from 'node:util';
import type { Exchange } from '../model/exchange.ts';
import type { ExchangeEnd } from './exchange-line.ts';

/** An entry of the log before it becomes a line. */
interface Entry {
  readonly time: string;
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

const colours = { error: 'red', warn: 'yellow', info: 'green', debug: 'blue' } as const;

/** One coloured line for a person at a terminal. */
export function formatPretty(entry: Entry): string {
  const { time, level, message, ...fields } = entry;
  const colour = colours[level as keyof typeof colours] ?? 'white';
  const facts = Object.entries(fields).map(([name, value]) => `${name}=${show(value)}`);
  return [
    paint('gray', time.slice(11, 23)),
    paint(colour, level.padEnd(5)),
    printable(message),
    paint('gray', facts.join(' ')),
  ]
    .join(' ')
    .trimEnd();
}

/** One coloured line for an exchange: what was asked, what came of it, who served it and how long it took. */
export function formatExchangePretty(exchange: Exchange, end: ExchangeEnd, now: string): string {
  const colour = end.status >= 500 ? 'red' : end.status >= 400 ? 'yellow' : 'green';
  const facts = [
    exchange.route,
    exchange.instance,
    exchange.principal?.clientId,
    exchange.cache === undefined ? undefined : `cache=${exchange.cache}`,
    exchange.errorCode,
    exchange.attempts > 1 ? `attempts=${exchange.attempts}` : undefined,
    end.complete ? undefined : 'cut',
  ].filter((fact) => fact !== undefined);
  const time = now.slice(11, 23);
  const asked = `${exchange.method.padEnd(6)} ${printable(exchange.target.path)}`;
  return `${paint('gray', time)} ${paint(colour, String(end.status))}   ${asked} ${end.ms.toFixed(1)} ms ${paint('gray', facts.join(' '))}`;
}

const paint = (colour: Parameters<typeof styleText>[0], text: string): string =>
  text === '' ? '' : styleText(colour, text, { validateStream: false });

const show = (value: unknown): string => printable(typeof value === 'string' ? value : String(JSON.stringify(value)));

// A terminal obeys control characters, and a caller chooses the path. JSON escapes only some of them.
const printable = (text: string): string => text.replace(/\p{Cc}/gu, '�');
