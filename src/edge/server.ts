import { randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import type { Express } from 'express';
import type { ErrorCode } from '../errors/codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { describeProblem, problemMediaType } from '../errors/problem.ts';
import { keepHalfOpen } from './half-open.ts';
import { linger } from './linger.ts';
import { messagesOf } from './messages.ts';
import { acceptUpgrades, isWebSocket } from './upgrades.ts';

/** What a connection may ask of a listener. */
export interface ServerLimits {
  /** Bytes of all header fields together. */
  readonly header: number;
  /** Milliseconds for the header, and for the whole request, to arrive. */
  readonly headerTimeout: number;
  readonly requestTimeout: number;
}

/** Milliseconds that an idle connection is kept: longer than the balancers in front of a gateway keep theirs. */
const keepAliveTimeout = 65_000;

/**
 * The server of a listener, not bound yet. What does not even become a request is answered here (408, 431, 400, 505).
 * @param tls makes it a server of https
 */
export function createHttpServer(app: Express, limits: ServerLimits, tls?: TlsOptions): Server {
  // A connection that is being closed takes no more requests (RFC 9112 §9.6).
  const listener: RequestListener = (request, response) => {
    if (!request.socket.writableEnded) app(request, response);
  };
  const options = {
    ...messagesOf(app),
    maxHeaderSize: limits.header,
    headersTimeout: limits.headerTimeout,
    requestTimeout: limits.requestTimeout,
    // Node looks for late requests only every 30 s unless told otherwise.
    connectionsCheckingInterval: Math.min(1000, limits.headerTimeout / 2, limits.requestTimeout / 2),
    keepAliveTimeout,
    // The edge answers for Host itself, as problem+json.
    requireHostHeader: false,
    shouldUpgradeCallback: isWebSocket,
  };
  const server =
    tls === undefined
      ? http.createServer(options, listener)
      : // Node's plain server does not wait for more to send, either.
        https.createServer({ ...options, ...tls, handshakeTimeout: limits.headerTimeout, noDelay: true }, listener);
  // Continue is said when the guards have let the request pass and somebody wants the body.
  server.on('checkContinue', listener);
  server.on('checkExpectation', listener);
  // Node would drop what comes after the 2000th field without a word. Their bytes are limited.
  server.maxHeadersCount = 0;
  acceptUpgrades(server, app);
  keepHalfOpen(server);
  server.on('clientError', answerUnreadable);
  return server;
}

const codes: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'GW_HEAD_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'GW_REQUEST_TIMEOUT',
};

/**
 * Answers on the bare socket. A reply that has begun on it is cut instead: two replies to one request would be worse.
 * When the request before is whole and waits for its own reply, that is the last one: it must not get this answer.
 */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  const pending = (socket as { _httpMessage?: ServerResponse<IncomingMessage> })._httpMessage;
  // Answered already: what comes after it is not read any more.
  if (socket.writableEnded && error.code !== 'ECONNRESET') return;
  if (!socket.writable || error.code === 'ECONNRESET' || pending?.headersSent) {
    socket.destroy();
    return;
  }
  if (pending?.req.complete) {
    pending.shouldKeepAlive = false;
    return;
  }
  const failure = new GatewayError(codeOf(error));
  const { head, body } = render(failure);
  const lines = [`HTTP/1.1 ${failure.status} ${http.STATUS_CODES[failure.status]}`];
  for (let i = 0; i < head.length; i += 2) lines.push(`${head[i]}: ${head[i + 1]}`);
  socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n${body}`);
  // What is going on for a request whose body broke off stops at once, and hears of it by the end of the connection.
  if (pending) socket.end(() => socket.destroy());
  else linger(socket);
}

/** Of a version that the parser does not know it says so; other faults of that line are faults of the framing. */
const codeOf = ({ code = '', reason }: NodeJS.ErrnoException & { reason?: string }): ErrorCode =>
  reason === 'Invalid HTTP version' || code === 'HPE_PAUSED_H2_UPGRADE'
    ? 'GW_VERSION_NOT_SUPPORTED'
    : (codes[code] ?? 'GW_BAD_REQUEST');

function render(failure: GatewayError): { head: string[]; body: string } {
  const id = randomUUID();
  const body = JSON.stringify(describeProblem(failure, id));
  const head = [
    'Content-Type',
    problemMediaType,
    'Content-Length',
    String(Buffer.byteLength(body)),
    'X-Request-Id',
    id,
  ];
  return { head, body };
}
