import type { ServerResponse } from 'node:http';
import type { Exchange } from '../model/exchange.ts';
import { linger } from './linger.ts';

/** Bytes of a request body that are worth reading only to keep the connection. */
const worthReading = 65_536;

/**
 * The header fields of a reply that may come before the whole request. When more of the request is missing than is
 * worth reading, the connection ends after the reply; little is read and dropped, and the connection stays.
 */
export function closeIfUnread(response: ServerResponse, { body }: Exchange): readonly string[] {
  if (!body.present || body.complete) return [];
  const { req: request } = response;
  if ((body.length ?? Number.POSITIVE_INFINITY) - body.received <= worthReading) {
    response.once('finish', () => request.resume());
    return [];
  }
  const { socket } = request;
  // What Node calls when the reply is out: it would close at once.
  socket.destroySoon = () => linger(socket, request);
  return ['Connection', 'close'];
}
