import { constants, createServer } from 'node:http2';
import type { Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Express } from 'express';
import { GatewayError } from '../errors/gateway-error.ts';
import { exchangeOf } from '../model/exchange.ts';
import { createHttp2App } from './http2-app.ts';
import { keepWhileUsed } from './http2-connection.ts';
import { Http2Request } from './http2-request.ts';
import { Http2Response } from './http2-response.ts';
import { derive } from './messages.ts';
import type { ServerLimits } from './server.ts';

/** The HTTP/2 connections of a listener. */
export interface Http2Connections {
  /** Takes no more requests on them (GOAWAY), and lets what is going on finish. */
  close(): void;
  /** Cuts what is still going on. */
  destroy(): void;
}

/** What one connection may do beside its requests. What nghttp2 watches by itself is not repeated here: pings, settings. */
const limitsOfSessions = {
  /** Streams that the caller cancels: so many at once, and so many a second after that (CVE-2023-44487). */
  streamResetBurst: 500,
  streamResetRate: 50,
  maxSessionInvalidFrames: 100,
};
const concurrentStreams = 100;

/**
 * Lets a server of https speak HTTP/2 with callers who ask for it by ALPN. Connections of HTTP/1.1 stay what they were.
 * @param app of HTTP/1.1; its layers serve both
 */
export function acceptHttp2(server: Server, app: Express, limits: ServerLimits): Http2Connections {
  const twin = createHttp2App(app);
  const connections = new Map<TLSSocket, () => void>();
  let closing = false;
  const streams = createServer({
    ...limitsOfSessions,
    // A header that is too large is answered, up to a point; a field has four bytes at least.
    settings: { maxConcurrentStreams: concurrentStreams, maxHeaderListSize: 4 * limits.header },
    maxHeaderListPairs: Math.ceil(limits.header / 4),
    // A field that an instance says twice reaches the caller twice.
    strictSingleValueFields: false,
    Http2ServerRequest: derive(Http2Request, twin.request),
    Http2ServerResponse: derive(Http2Response, twin.response),
  });
  const serve = (request: Http2Request, response: Http2Response): void => {
    // Cancelled in the moment in which it came.
    if (response.stream.destroyed) return;
    limitUpload(request, response, limits.requestTimeout);
    twin(request as never, response as never);
  };
  const events = streams as unknown as NodeJS.EventEmitter;
  events.on('request', serve).on('checkContinue', serve).on('checkExpectation', serve);
  events.on('connect', (request: Http2Request, response: Http2Response) => {
    // Express finds its way by paths, and an authority has none.
    request.url = '/';
    serve(request, response);
  });

  const [serveHttp1] = server.listeners('secureConnection');
  server.removeListener('secureConnection', serveHttp1 as () => void);
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol !== 'h2') return serveHttp1!.call(server, socket);
    if (socket.destroyed) return;
    streams.once('session', (session) => {
      const close = keepWhileUsed(session, socket, limits.headerTimeout);
      connections.set(socket, close);
      // Its handshake was going on when the others were told.
      if (closing) close();
    });
    streams.emit('connection', socket);
    socket.once('close', () => connections.delete(socket));
  });

  return {
    close() {
      closing = true;
      for (const close of connections.values()) close();
    },
    destroy() {
      for (const socket of connections.keys()) socket.destroy();
    },
  };
}

/** A body has as long to arrive as with HTTP/1.1. What listens to the exchange answers 408; anything else is cut. */
function limitUpload(request: Http2Request, response: Http2Response, timeout: number): void {
  if (request.complete) return;
  const timer = setTimeout(() => {
    exchangeOf(request as never).stop(new GatewayError('GW_REQUEST_TIMEOUT'));
    setImmediate(() => {
      if (!response.writableEnded) response.stream.close(constants.NGHTTP2_CANCEL);
    });
  }, timeout);
  request.once('end', () => clearTimeout(timer));
  response.once('close', () => clearTimeout(timer));
}
