import type { ErrorRequestHandler } from 'express';
import { GatewayError } from '../errors/gateway-error.ts';
import { describeProblem, problemMediaType } from '../errors/problem.ts';
import { exchangeOf } from '../model/exchange.ts';
import type { Logger } from '../telemetry/logger.ts';
import { closeIfUnread } from './close-if-unread.ts';

/** The last step: tells the caller what went wrong (RFC 9457), and the log why. */
export function createErrorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const exchange = exchangeOf(request);
    // The caller left, and nobody is there to be told: that is no failure of anybody's.
    if (error === exchange.stopped && !(error instanceof GatewayError)) return void response.destroy();
    const failure = toGatewayError(error);
    exchange.errorCode = failure.code;
    if (Error.isError(failure.cause)) exchange.errorReason = failure.cause.message;
    // What an instance or a caller did is said in the exchange's own line; a mistake of ours needs its stack too.
    if (failure.code === 'GW_INTERNAL')
      log.error('a request failed in the gateway', { id: exchange.id, cause: failure.cause });
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const body = Buffer.from(JSON.stringify(describeProblem(failure, exchange.id)));
    exchange.replyBytes = request.method === 'HEAD' ? 0 : body.length;
    const headers = [
      'Content-Type',
      problemMediaType,
      'Content-Length',
      String(body.length),
      'Cache-Control',
      'no-store',
    ];
    response.writeHead(failure.status, [
      ...headers,
      ...failure.headers,
      ...exchange.replyHeaders,
      ...closeIfUnread(response, exchange),
    ]);
    response.end(body);
  };
}

function toGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  // Errors that middleware makes carry a status; only "your request is wrong" is for the caller.
  const { status } = (error ?? {}) as { status?: unknown };
  const code = typeof status === 'number' && status >= 400 && status < 500 ? 'GW_BAD_REQUEST' : 'GW_INTERNAL';
  return new GatewayError(code, { cause: error });
}
