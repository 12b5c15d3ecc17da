import type { BodySource } from '../model/body-source.ts';
import type { HeaderList } from '../model/headers.ts';
import type { OutgoingRequest, Transport } from './transport.ts';

/** How much of an answer {@link exchangeText} waits for. */
export interface AnswerLimits {
  /** Bytes of the body. */
  readonly maxBytes: number;
  /** Milliseconds for everything: the connection, the answer and its body. */
  readonly timeout: number;
  /** The statuses whose body matters; the body of another is left unread. */
  readonly read: readonly number[];
}

/** A whole answer. */
export interface TextAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  /** The body; empty when the status is none of those whose body matters. */
  readonly text: string;
}

/**
 * Sends one request and reads the answer. Follows no redirect.
 *
 * @throws TransportError without an answer in time, Error for a body that is too large or cut off.
 */
export async function exchangeText(
  transport: Transport,
  origin: string,
  request: OutgoingRequest,
  { maxBytes, timeout, read }: AnswerLimits,
): Promise<TextAnswer> {
  const call = transport.send(origin, request, { connect: timeout, firstByte: timeout });
  const timer = setTimeout(() => call.stop(new Error(`not there within ${timeout} ms`)), timeout);
  try {
    const { status, headers, body } = await call.reply;
    if (read.includes(status)) return { status, headers, text: await readText(body, maxBytes) };
    body.cancel();
    return { status, headers, text: '' };
  } finally {
    clearTimeout(timer);
  }
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
