import { randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import type { ErrorCode } from '../errors/codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { describeProblem, problemMediaType } from '../errors/problem.ts';
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
 * The server of a listener, not bound yet. What does not even become a request is answered here (408, 431, 400, 417).
 */
export function createHttpServer(app: Express, limits: ServerLimits): Server {
  const server = http.createServer(
    {
      ...messagesOf(app),
      maxHeaderSize: limits.header,
      headersTimeout: limits.headerTimeout,
      requestTimeout: limits.requestTimeout,
      // Node looks for late requests only every 30 s unless told otherwise.
      connectionsCheckingInterval: 1000,
      keepAliveTimeout,
      // The edge answers for Host itself, as problem+json.
      requireHostHeader: false,
      shouldUpgradeCallback: isWebSocket,
    },
    app,
  );
  // Continue is said when the guards have let the request pass and somebody wants the body.
  server.on('checkContinue', app);
  server.on('checkExpectation', (request, response) => {
    request.resume();
    const { head, body } = render(new GatewayError('GW_EXPECTATION_FAILED'));
    response.writeHead(417, [...head, 'Connection', 'close']).end(body);
  });
  acceptUpgrades(server, app);
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
  if (!socket.writable || error.code === 'ECONNRESET' || pending?.headersSent) {
    socket.destroy();
    return;
  }
  if (pending?.req.complete) {
    pending.shouldKeepAlive = false;
    return;
  }
  const failure = new GatewayError(codes[error.code ?? ''] ?? 'GW_BAD_REQUEST');
  const { head, body } = render(failure);
  const lines = [`HTTP/1.1 ${failure.status} ${http.STATUS_CODES[failure.status]}`];
  for (let i = 0; i < head.length; i += 2) lines.push(`${head[i]}: ${head[i + 1]}`);
  socket.end(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n${body}`, () => socket.destroy());
}

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
