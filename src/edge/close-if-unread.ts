import type { ServerResponse } from 'node:http';
import type { Exchange } from '../model/exchange.ts';
import { Http2Response } from './http2-response.ts';
import { linger } from './linger.ts';

/** Bytes of a request body that are worth reading only to keep the connection: no more than Node takes in by itself. */
const worthReading = 65_536;

/**
 * The header fields of a reply that may come before the whole request. When more of the request is missing than is
 * worth reading, the connection ends after the reply; little is taken in, and the connection stays. HTTP/2 can
 * end one request alone.
 */
export function closeIfUnread(response: ServerResponse, { body }: Exchange): readonly string[] {
  if (!body.present || body.complete) return [];
  if (response instanceof Http2Response) {
    response.refuseRest();
    return [];
  }
  if ((body.length ?? Number.POSITIVE_INFINITY) - body.received <= worthReading) return [];
  const { req: request } = response;
  const { socket } = request;
  // What Node calls when the reply is out: it would close at once.
  socket.destroySoon = () => linger(socket, request);
  return ['Connection', 'close'];
}
