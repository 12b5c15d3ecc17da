import type { Exchange } from '../model/exchange.ts';
import { redactText } from './redact.ts';

/** How an exchange ended, as its last byte left or its caller did. */
export interface ExchangeEnd {
  /** The status that the caller got; 499 when the caller left before there was one. */
  readonly status: number;
  /** Bytes of the reply's body handed to the caller's connection. */
  readonly bytes: number;
  /** Whether the caller got the whole reply. */
  readonly complete: boolean;
  /** Milliseconds from the first line of the request to the end of the reply. */
  readonly ms: number;
}

/**
 * One JSON object on one line. Written by hand because it is written for every request: what is known to need no
 * escaping goes in as it is.
 */
export function formatExchangeJson(exchange: Exchange, end: ExchangeEnd, time: string): string {
  const { principal } = exchange;
  let line = `{"time":"${time}","level":"info","message":"exchange","id":${quote(exchange.id)}`;
  line += `,"trace":"${exchange.traceparent.slice(3, 35)}","address":${quote(exchange.address)}`;
  line += `,"method":${quote(exchange.method)},"host":${quote(exchange.host)},"path":${quote(exchange.target.path)}`;
  if (principal !== undefined) line += `,"client":${quote(principal.clientId)},"subject":${quote(principal.subject)}`;
  if (exchange.route !== undefined) line += `,"route":"${exchange.route}"`;
  if (exchange.service !== undefined) line += `,"service":"${exchange.service}"`;
  if (exchange.instance !== undefined) line += `,"instance":"${exchange.instance}"`;
  line += `,"status":${end.status},"bytes":${end.bytes},"ms":${hundredths(end.ms)}`;
  if (exchange.upstreamMs !== undefined) line += `,"upstreamMs":${hundredths(exchange.upstreamMs)}`;
  line += `,"attempts":${exchange.attempts}`;
  if (exchange.cache !== undefined) line += `,"cache":"${exchange.cache}"`;
  if (exchange.limit !== undefined) line += `,"limit":"${exchange.limit}"`;
  if (exchange.errorCode !== undefined) line += `,"error":"${exchange.errorCode}"`;
  if (exchange.errorReason !== undefined) line += `,"reason":${JSON.stringify(redactText(exchange.errorReason))}`;
  if (!end.complete) line += ',"complete":false';
  return `${line}}`;
}

const quote = (text: string): string => (/^[ !#-[\]-~]*$/.test(text) ? `"${text}"` : JSON.stringify(text));

const hundredths = (ms: number): number => Math.round(ms * 100) / 100;
