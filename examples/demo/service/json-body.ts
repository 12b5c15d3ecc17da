import type { IncomingMessage } from 'node:http';
import { Problem } from './problem.ts';

const LIMIT_BYTES = 64 * 1024;

/**
 * The parsed JSON body of a request, at most 64 kB. Throws a problem: 415 for another media type or a content coding,
 * 413 when it is larger, 400 when it is cut or is not JSON in UTF-8.
 */
export async function readJson(request: IncomingMessage, mediaTypes = ['application/json']): Promise<unknown> {
  requireMediaType(request, mediaTypes);
  const bytes = await readBytes(request);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Problem(400, 'The body is not valid JSON in UTF-8.');
  }
}

function requireMediaType(request: IncomingMessage, mediaTypes: readonly string[]): void {
  const mediaType = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  const accepted = mediaTypes.join(', ');
  if (!mediaTypes.includes(mediaType ?? '')) {
    throw new Problem(415, `Send the body with Content-Type: ${accepted}.`, { headers: { Accept: accepted } });
  }
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new Problem(415, 'Send the body without a Content-Encoding.', { headers: { 'Accept-Encoding': 'identity' } });
  }
}

/** Reads on after the limit without keeping anything: a caller that is still sending would miss the reply otherwise. */
function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => reject(new Problem(413, `The body is larger than ${LIMIT_BYTES} bytes.`));
    if (Number(request.headers['content-length']) > LIMIT_BYTES) return tooLarge();
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LIMIT_BYTES) tooLarge();
      else chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', () => reject(new Problem(400, 'The body ended before it was complete.')));
  });
}
