import type { IncomingMessage } from 'node:http';
import type { CallerCertificate } from './caller-certificate.ts';
import type { HeaderEdit, HeaderList } from './headers.ts';
import type { Principal } from './principal.ts';
import type { OnInterim, Reply } from './reply.ts';
import type { RequestBody } from './request-body.ts';
import type { Target } from './target.ts';

/** What is known of a request when it has passed the edge. */
export interface ExchangeStart {
  /** The request id: echoed to the caller, sent upstream, in every log line. */
  readonly id: string;
  /** `traceparent` for the upstream (W3C Trace Context). */
  readonly traceparent: string;
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Effective host in lower case, with the port where it is not the scheme's own. */
  readonly host: string;
  readonly target: Target;
  /** The caller's address: behind trusted proxies the one that they tell. */
  readonly address: string;
  /** The trusted proxies between the caller and the gateway, the nearest last. Absent: none. */
  readonly proxies?: readonly string[] | undefined;
  /** What the caller has shown in the TLS handshake. */
  readonly certificate?: CallerCertificate | undefined;
  readonly headers: HeaderList;
  readonly body: RequestBody;
  /** Monotonic, in milliseconds. */
  readonly startedAt: number;
}

/** The record of one request going through: what it asks for, who asks, and what became of it. */
export class Exchange implements ExchangeStart {
  readonly id: string;
  readonly traceparent: string;
  readonly method: string;
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly target: Target;
  readonly address: string;
  readonly proxies: readonly string[];
  readonly certificate: CallerCertificate | undefined;
  /** As the caller sent them, until a policy puts others in their place for all that comes after it. */
  headers: HeaderList;
  readonly body: RequestBody;
  readonly startedAt: number;

  /** The matched route's id and what its path captured: raw slices of the canonical path, still percent-encoded. */
  route: string | undefined = undefined;
  params: Readonly<Record<string, string>> = noParams;
  /** Set by the authentication guard, with the token that proved it. */
  principal: Principal | undefined = undefined;
  token: string | undefined = undefined;

  /** The query as the service gets it, with its question mark: the caller's own, unless a guard rewrites it. */
  upstreamQuery: string;
  /** What guards have changed in the header fields that the service gets, in this order. */
  headerEdits: readonly HeaderEdit[] = noEdits;

  /** Fields that the gateway adds to whatever the reply will be: flat name, value pairs. */
  readonly replyHeaders: string[] = [];

  /** Hands an interim reply (1xx) to the caller; undefined for one who could not read it (HTTP/1.0). */
  onInterim: OnInterim | undefined = undefined;

  /** Runs until the exchange is over: what it may take in all. */
  deadline: NodeJS.Timeout | undefined = undefined;
  /** Bytes of the reply's body handed to the caller's connection so far. */
  replyBytes = 0;
  service: string | undefined = undefined;
  instance: string | undefined = undefined;
  attempts = 0;
  /** Milliseconds until the head of the instance's answer. */
  upstreamMs: number | undefined = undefined;
  /** What the cache did, in the words of `Cache-Status` (RFC 9211): hit, or the reason of a forward. */
  cache: string | undefined = undefined;
  /** Whether the caller's connection has become a tunnel. */
  tunnelled = false;
  /** The rate limit that refused the exchange, by what it counts: client, user or address. */
  limit: string | undefined = undefined;
  /** Why the gateway itself ended the exchange: the code of the error. */
  errorCode: string | undefined = undefined;
  /** What exactly was wrong with the request: for the log. */
  errorReason: string | undefined = undefined;

  #stopped: Error | undefined = undefined;
  #onStop: ((reason: Error) => void) | undefined = undefined;

  constructor(start: ExchangeStart) {
    this.id = start.id;
    this.traceparent = start.traceparent;
    this.method = start.method;
    this.scheme = start.scheme;
    this.host = start.host;
    this.target = start.target;
    this.upstreamQuery = start.target.query;
    this.address = start.address;
    this.proxies = start.proxies ?? noProxies;
    this.certificate = start.certificate;
    this.headers = start.headers;
    this.body = start.body;
    this.startedAt = start.startedAt;
  }

  /** Why the exchange was stopped, if it was. */
  get stopped(): Error | undefined {
    return this.#stopped;
  }

  /** Ends what is going on for this exchange: the caller left, or its time is over. The first reason stays. */
  stop(reason: Error): void {
    if (this.#stopped !== undefined) return;
    this.#stopped = reason;
    this.#onStop?.(reason);
  }

  /** Whoever works for the exchange right now says how to make it stop; called at once when that has happened already. */
  whenStopped(listener: ((reason: Error) => void) | undefined): void {
    this.#onStop = listener;
    if (this.#stopped !== undefined) listener?.(this.#stopped);
  }
}

const noProxies: readonly string[] = Object.freeze([]);
const noParams: Readonly<Record<string, string>> = Object.freeze({});
const noEdits: readonly HeaderEdit[] = Object.freeze([]);

/** Carries an exchange to its reply. Rejects with the error that the caller is to see. */
export type Forward = (exchange: Exchange) => Promise<Reply>;

const exchangeKey = Symbol('garita.exchange');

/** Ties an exchange to the request that Express middleware sees. */
export function attachExchange(request: IncomingMessage, exchange: Exchange): void {
  (request as CarryingExchange)[exchangeKey] = exchange;
}

/** The exchange of a request. Throws when the request did not come through the edge. */
export function exchangeOf(request: IncomingMessage): Exchange {
  const exchange = (request as CarryingExchange)[exchangeKey];
  if (exchange === undefined) throw new Error('this request has no exchange: it did not pass the edge');
  return exchange;
}

type CarryingExchange = IncomingMessage & { [exchangeKey]?: Exchange };
