import type { BodySource } from '../model/body-source.ts';
import { type HeaderList, listMembers } from '../model/headers.ts';
import type { Transport } from './transport.ts';

/** What {@link fetchJson} accepts. */
export interface DocumentLimits {
  /** Bytes of the body. */
  readonly maxBytes: number;
  /** Milliseconds for everything: the connection, the answer and its body. */
  readonly timeout: number;
}

/** A JSON document and the header fields that it came with. */
export interface JsonDocument {
  readonly value: unknown;
  readonly headers: HeaderList;
}

/** An answer that is not the document asked for, such as 404 or a redirect. */
export class UnexpectedStatus extends Error {
  constructor(status: number) {
    super(`the answer is ${status} instead of 200`);
    this.name = 'UnexpectedStatus';
  }
}

/**
 * Reads a JSON document with GET. Follows no redirect.
 *
 * @throws TransportError without an answer in time, UnexpectedStatus for any answer but 200, Error for a document that
 * is too large, cut off or not JSON.
 */
export async function fetchJson(transport: Transport, url: URL, limits: DocumentLimits): Promise<JsonDocument> {
  const { maxBytes, timeout } = limits;
  const request = {
    method: 'GET',
    path: `${url.pathname}${url.search}`,
    headers: ['Accept', 'application/json'],
    body: null,
  };
  const call = transport.send(url.origin, request, { connect: timeout, firstByte: timeout });
  const timer = setTimeout(() => call.stop(new Error(`not there within ${timeout} ms`)), timeout);
  try {
    const { status, headers, body } = await call.reply;
    if (status !== 200) {
      body.cancel();
      throw new UnexpectedStatus(status);
    }
    const text = await readText(body, maxBytes);
    return { value: parse(text), headers };
  } finally {
    clearTimeout(timer);
  }
}

/** How long a document may be kept by its `Cache-Control: max-age` (RFC 9111 §5.2.2.1), in seconds. */
export function maxAgeOf(headers: HeaderList): number | undefined {
  const members = listMembers(headers, 'cache-control').map((member) => /^max-age="?(\d{1,10})"?$/i.exec(member)?.[1]);
  const seconds = members.find((member) => member !== undefined);
  return seconds === undefined ? undefined : Number(seconds);
}

function readText(body: BodySource, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    body.start({
      data(chunk) {
        bytes += chunk.length;
        if (bytes <= maxBytes) return void chunks.push(chunk);
        reject(new Error(`the document has more than ${maxBytes} bytes`));
        body.cancel();
      },
      end: () => resolve(Buffer.concat(chunks).toString()),
      error: reject,
    });
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message would quote the document.
    throw new Error('the document is not JSON');
  }
}
