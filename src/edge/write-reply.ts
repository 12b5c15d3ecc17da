import type { ServerResponse } from 'node:http';
import { GatewayError } from '../errors/gateway-error.ts';
import { acceptsTrailers } from '../forwarding/hop-by-hop.ts';
import type { Exchange } from '../model/exchange.ts';
import { type HeaderList, headerOf } from '../model/headers.ts';
import type { Reply } from '../model/reply.ts';
import { closeIfUnread } from './close-if-unread.ts';
import { trailerFields } from './trailer-fields.ts';

/**
 * Sends a reply to the caller as it comes in, no faster than the caller reads. A reply that is there already goes out
 * in one write. When it breaks off, so does the connection: half a body must not look like a whole one. Throws
 * {@link GatewayError} for fields that cannot be written as HTTP; nothing is sent then.
 */
export function writeReply(response: ServerResponse, exchange: Exchange, reply: Reply): void {
  const { body } = reply;
  writeHead(response, exchange, reply);
  let first: Buffer | undefined;
  let starting = true;
  body.start({
    data(chunk) {
      exchange.replyBytes += chunk.length;
      if (starting && first === undefined) {
        first = chunk;
        return;
      }
      flushFirst();
      write(chunk);
    },
    end(trailers) {
      if (trailers !== undefined && acceptsTrailers(exchange.headers)) response.addTrailers(trailerFields(trailers));
      if (first === undefined) response.end();
      else if (first.length > inOneWrite) response.end(first);
      else response.end(first.toString('latin1'), 'latin1');
    },
    error() {
      const { stopped } = exchange;
      if (stopped === undefined) exchange.errorCode = 'GW_UPSTREAM_FAILED';
      // A caller who left has stopped it too, and that is nobody's failure.
      else if (stopped instanceof GatewayError) exchange.errorCode = stopped.code;
      cut(response);
    },
  });
  starting = false;
  // Nothing is held back from a caller who waits for the next event of a stream.
  if (!response.writableEnded) {
    flushFirst();
    response.flushHeaders();
  }

  function flushFirst(): void {
    if (first === undefined) return;
    const chunk = first;
    first = undefined;
    write(chunk);
  }

  function write(chunk: Buffer): void {
    if (response.write(chunk)) return;
    body.pause();
    response.once('drain', () => body.resume());
  }
}

function writeHead(response: ServerResponse, exchange: Exchange, { status, headers, body }: Reply): void {
  const fields =
    headerOf(headers, 'trailer') === undefined ? headers : announceTrailers(status, headers, exchange, response);
  try {
    response.writeHead(status, [...fields, ...exchange.replyHeaders, ...closeIfUnread(response, exchange)]);
  } catch (cause) {
    body.cancel();
    throw new GatewayError('GW_UPSTREAM_INVALID', { cause });
  }
}

/** `Trailer` promises what only a chunked reply can keep, to a caller who asked for it. */
function announceTrailers(
  status: number,
  headers: HeaderList,
  exchange: Exchange,
  response: ServerResponse,
): HeaderList {
  const isChunked = response.req.httpVersionMinor > 0 && headerOf(headers, 'content-length') === undefined;
  const hasBody = exchange.method !== 'HEAD' && status !== 204 && status !== 304;
  if (isChunked && hasBody && acceptsTrailers(exchange.headers)) return headers;
  return headers.filter((_, index) => headers[index - (index % 2)]!.toLowerCase() !== 'trailer');
}

/** To HTTP/1.0 the end of the connection is the end of the body: only a reset says that there should have been more. */
function cut(response: ServerResponse): void {
  if (response.req.httpVersion === '1.0') response.socket?.resetAndDestroy();
  else response.destroy();
}

/**
 * Up to this many bytes a whole body goes out as text in ISO-8859-1, byte for byte the same: Node then sends it with
 * the header in one piece, where a buffer costs it a second one. Copying larger bodies would cost more than that.
 */
const inOneWrite = 4096;
