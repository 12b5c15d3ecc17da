import winston from 'winston';
import Transport from 'winston-transport';
import type { Exchange } from '../model/exchange.ts';
import { type ExchangeEnd, formatExchangeJson } from './exchange-line.ts';
import { formatExchangePretty, formatPretty } from './pretty-line.ts';
import { redact, redactText } from './redact.ts';

/** Facts that go along with a message. Values under names such as `token` or `password` never reach the log. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The gateway's log. */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** One line for an exchange that is over. */
  exchange(exchange: Exchange, end: ExchangeEnd): void;
}

/** Takes finished lines, without their line ends. */
export interface Lines {
  write(line: string): void;
}

export interface LoggerOptions {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  /** `json`: one object a line, for machines. `pretty`: coloured, for a terminal. */
  readonly format: 'json' | 'pretty';
  /** Whether each exchange gets a line. */
  readonly exchanges: boolean;
  readonly lines: Lines;
  /** Wall clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

// What winston itself reads of an entry (the package triple-beam): an entry that carries its line is not formatted again.
const level = Symbol.for('level');
const message = Symbol.for('message');

/** Makes the log: winston formats and routes the entries, `lines` writes them in batches. */
export function createLogger(options: LoggerOptions): Logger {
  const pretty = options.format === 'pretty';
  const formatEntry = pretty ? formatPretty : (entry: object) => JSON.stringify(entry);
  const formatExchange = pretty ? formatExchangePretty : formatExchangeJson;
  const timestamp = createTimestamp(options.now);
  const format = winston.format((info) => {
    if (info[message] === undefined) {
      const { level: name, message: text, ...fields } = info;
      const time = timestamp();
      info[message] = formatEntry({ time, level: name, message: redactText(String(text)), ...redact(fields) });
    }
    return info;
  });
  const transport = new Transport({
    log(info: Record<symbol, string>, next: () => void) {
      options.lines.write(info[message]!);
      next();
    },
  });
  const logger = winston.createLogger({ level: options.level, format: format(), transports: [transport] });
  const exchanges = options.exchanges && logger.isLevelEnabled('info');
  return {
    error: (text, fields) => void logger.error(text, fields),
    warn: (text, fields) => void logger.warn(text, fields),
    info: (text, fields) => void logger.info(text, fields),
    debug: (text, fields) => void logger.debug(text, fields),
    exchange(exchange, end) {
      if (!exchanges) return;
      logger.write({ level: 'info', [level]: 'info', [message]: formatExchange(exchange, end, timestamp()) });
    },
  };
}

/** ISO 8601, written once a millisecond however many lines fall into it. */
function createTimestamp(now: () => number): () => string {
  let written = Number.NaN;
  let text = '';
  return () => {
    const time = now();
    if (time !== written) {
      written = time;
      text = new Date(time).toISOString();
    }
    return text;
  };
}
