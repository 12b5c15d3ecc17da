import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { GatewayError } from '../errors/gateway-error.ts';
import { Upload } from '../forwarding/upload.ts';
import { attachExchange, Exchange } from '../model/exchange.ts';
import { headersOf } from '../model/headers.ts';
import type { ExchangeEnd } from '../telemetry/exchange-line.ts';
import type { TraceContext } from '../telemetry/trace-context.ts';
import type { CertificateOf } from './caller-certificate.ts';
import { type Head, readHead } from './head.ts';
import { Http2Request } from './http2-request.ts';
import { type ReadTarget, readTarget } from './target.ts';
import type { ProxyTrust, Way } from './trusted-proxies.ts';
import { interimWriter } from './write-interim.ts';

export interface IntakeOptions {
  /** Bytes of a request body, of a target, and of a header where no parser counts them. */
  readonly limits: { readonly body: number; readonly target: number; readonly header: number };
  /** What this gateway calls itself in `Via`. */
  readonly pseudonym: string;
  readonly traces: TraceContext;
  /** The proxies in front whose word counts; undefined where there are none. */
  readonly proxies: ProxyTrust | undefined;
  /** Undefined where nobody is asked for a certificate. */
  readonly certificateOf: CertificateOf | undefined;
  /** What replies over https say in `Strict-Transport-Security`. */
  readonly hsts: string | undefined;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** Hears of each exchange when it begins and when it is over. */
  readonly onBegin: () => void;
  readonly onEnd: (exchange: Exchange, end: ExchangeEnd) => void;
}

/** Reasons to stop that no caller will read: the connection is gone. */
const callerGone = new Error('the caller closed the connection');

/**
 * The first step: makes the exchange of a request, or refuses what cannot be read in one way only. From here on nothing
 * looks at the request's own idea of its target.
 */
export function createIntake(options: IntakeOptions): RequestHandler {
  return (request, response, next) => {
    const { exchange, error } = open(request, response, options);
    attachExchange(request, exchange);
    options.onBegin();
    exchange.replyHeaders.push('X-Request-Id', exchange.id);
    // RFC 6797 §7.2: never over plain http.
    if (options.hsts !== undefined && exchange.scheme === 'https')
      exchange.replyHeaders.push('Strict-Transport-Security', options.hsts);
    request.url = exchange.target.path + exchange.target.query;
    response.on('close', () => {
      clearTimeout(exchange.deadline);
      const { tunnelled } = exchange;
      // What a tunnel carried is not seen here, only that it stood.
      const complete = response.writableFinished || tunnelled;
      if (!complete) exchange.stop(callerGone);
      const status = tunnelled ? 101 : response.headersSent ? response.statusCode : 499;
      options.onEnd(exchange, {
        status,
        bytes: exchange.replyBytes,
        complete,
        ms: options.clock() - exchange.startedAt,
      });
    });
    next(error);
  };
}

const nothing: Head = {
  host: '',
  length: undefined,
  chunked: false,
  traceparent: undefined,
  via: [],
  expectsContinue: false,
};
const nowhere: ReadTarget = { path: '/', query: '', authority: undefined };

function open(request: IncomingMessage, response: ServerResponse, options: IntakeOptions) {
  let head = nothing;
  let target = nowhere;
  let way: Way | undefined;
  let error: unknown;
  const { socket } = request;
  const peer = peerAddress(socket.remoteAddress ?? '');
  const scheme = (socket as { encrypted?: boolean }).encrypted === true ? 'https' : 'http';
  const proxies = options.proxies?.isTrusted(peer) ? options.proxies : undefined;
  try {
    way = proxies?.read(request.rawHeaders, peer, scheme);
    if (request.method === 'TRACE' || request.method === 'CONNECT') throw new GatewayError('GW_NOT_IMPLEMENTED');
    if (request instanceof Http2Request && request.headSize > options.limits.header)
      throw new GatewayError('GW_HEAD_TOO_LARGE');
    const raw = request.url ?? '';
    if (raw.length > options.limits.target) throw new GatewayError('GW_TARGET_TOO_LONG');
    target = readTarget(raw);
    head = readHead(request, way?.host ?? target.authority);
    if (hasPassed(head.via, options.pseudonym)) throw new GatewayError('GW_LOOP');
  } catch (problem) {
    error = problem;
  }
  const body = new Upload(request, head, {
    limit: options.limits.body,
    onFirstRead: () => {
      if (head.expectsContinue) response.writeContinue();
    },
  });
  if (error === undefined && body.isTooLarge) error = new GatewayError('GW_BODY_TOO_LARGE');
  const fresh = randomUUID();
  const exchange = new Exchange({
    id: requestIdOf(request) ?? fresh,
    traceparent: options.traces.continue(head.traceparent, fresh),
    method: request.method ?? '',
    scheme: way?.scheme ?? scheme,
    host: way?.port === undefined ? head.host : withPort(head.host, way.port, way.scheme),
    target,
    address: way?.address ?? peer,
    proxies: way?.proxies,
    // That of a proxy says nothing about the caller.
    certificate: proxies === undefined ? options.certificateOf?.(socket) : undefined,
    headers: request.rawHeaders,
    body,
    startedAt: options.clock(),
  });
  if (request.httpVersion !== '1.0') exchange.onInterim = interimWriter(response);
  return { exchange, error };
}

/** RFC 9110 §7.6.3: the members of Via are protocol, name and perhaps a comment. */
const hasPassed = (via: readonly string[], pseudonym: string): boolean =>
  via.some((value) => value.split(',').some((member) => member.trim().split(/\s+/)[1] === pseudonym));

/** The caller's own id, if it is one that logs and headers can carry as it is. */
function requestIdOf(request: IncomingMessage): string | undefined {
  const ids = headersOf(request.rawHeaders, 'x-request-id');
  return ids.length === 1 && /^[A-Za-z0-9._~:+/=-]{1,128}$/.test(ids[0]!) ? ids[0] : undefined;
}

function withPort(host: string, port: number, scheme: Way['scheme']): string {
  const name = host.replace(/:\d+$/, '');
  return port === (scheme === 'https' ? 443 : 80) ? name : `${name}:${port}`;
}

// A dual-stack socket tells an IPv4 address as IPv6: limits and logs should not see one caller as two.
const peerAddress = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);
