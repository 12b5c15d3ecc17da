import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { HeaderList } from '../model/headers.ts';
import type { OnInterim } from '../model/reply.ts';
import { Http2Response } from './http2-response.ts';

/**
 * Hands interim replies of an instance to the caller (RFC 9110 §15.2). They are advice: one that comes too late, that
 * cannot be written as HTTP, or for which an earlier one would have to be buffered, is dropped.
 *
 * Made here and not where an exchange begins: a closure keeps alive whatever the function around it has, and that cost
 * the garbage collector a fifth of each request.
 */
export const interimWriter =
  (response: ServerResponse): OnInterim =>
  (status, headers) =>
    writeInterim(response, status, headers);

function writeInterim(response: ServerResponse, status: number, headers: HeaderList): void {
  if (headers.some((text) => /[^\t\x20-\x7e\x80-\xff]/.test(text))) return;
  if (response instanceof Http2Response) return response.writeInterim(status, headers);
  const { socket } = response;
  // Without a connection of its own a pipelined request still waits for its turn.
  if (socket === null || response.headersSent || socket.writableLength > 0) return;
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Interim'}\r\n`;
  for (let i = 0; i < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`;
  socket.write(`${head}\r\n`, 'latin1');
}
