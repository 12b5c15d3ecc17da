import type { Dispatcher } from 'undici';
import type { BodySink, BodySource } from '../model/body-source.ts';
import { type HeaderList, headersOf } from '../model/headers.ts';
import type { OnInterim, Reply } from '../model/reply.ts';
import { connectTimeoutCode } from './connect.ts';
import { TransportError, type TransportFailure } from './transport-error.ts';

const noChunks: Buffer[] = [];

/**
 * One request on its way and the answer as it arrives: undici's callbacks on one side, a {@link Reply} on the other.
 * Bytes that come before somebody reads are held; more than a few and the sender is paused.
 */
export class Call implements Dispatcher.DispatchHandler, BodySource {
  readonly reply: Promise<Reply>;
  #resolve!: (reply: Reply) => void;
  #reject!: (error: TransportError) => void;
  #controller: Dispatcher.DispatchController | undefined = undefined;
  #firstByteTimer: NodeJS.Timeout | undefined = undefined;
  readonly #firstByteTimeout: number;
  readonly #onInterim: OnInterim | undefined;
  #expectAnswer: (() => void) | undefined = undefined;
  #answered = false;
  #stopped: Error | undefined = undefined;
  #timedOut = false;

  #sink: BodySink | undefined = undefined;
  #held: Buffer[] = noChunks;
  #ended = false;
  #trailers: HeaderList | undefined = undefined;
  #failed: Error | undefined = undefined;

  /**
   * @param firstByteTimeout milliseconds from the request being sent to the head of the answer; 0 for no limit
   * @param onInterim hears of interim answers; `100` is not one of them
   */
  constructor(firstByteTimeout: number, onInterim?: OnInterim) {
    this.#firstByteTimeout = firstByteTimeout;
    this.#onInterim = onInterim;
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Gives up: before the answer `reply` rejects as stopped; after it the body is cut. */
  stop(reason: Error): void {
    if (this.#ended || this.#failed !== undefined || this.#stopped !== undefined) return;
    this.#stopped = reason;
    this.#controller?.abort(reason);
    // A request that still waits for its connection has no controller: it is answered here, and aborted when it starts.
    if (!this.#answered) this.#rejectWith('stopped', reason);
  }

  /** The connection that was chosen says how it is told that the next thing to come on it is an answer. */
  assign(expectAnswer: () => void): void {
    this.#expectAnswer = expectAnswer;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#stopped !== undefined) return controller.abort(this.#stopped);
    this.#expectAnswer?.();
  }

  // Not before: who uploads for long has not been kept waiting by the instance.
  onRequestSent(): void {
    if (this.#firstByteTimeout === 0 || this.#answered) return;
    this.#firstByteTimer = setTimeout(() => {
      this.#timedOut = true;
      this.#controller?.abort(new Error(`no answer within ${this.#firstByteTimeout} ms`));
    }, this.#firstByteTimeout);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status > 101 && status < 200)
      return this.#onInterim?.(status, decodeHeaders(controller.rawHeaders as Buffer[]));
    clearTimeout(this.#firstByteTimer);
    if (status < 200) return this.#refuse(controller, new Error(`status ${status}, which was not asked for`));
    const headers = decodeHeaders(controller.rawHeaders as Buffer[]);
    // undici takes only the last coding away: what is left would reach the caller without a word about it.
    const codings = headersOf(headers, 'transfer-encoding');
    if (codings.some((coding) => coding.toLowerCase() !== 'chunked'))
      return this.#refuse(controller, new Error(`transfer coding ${codings.join(', ')}`));
    this.#answered = true;
    this.#resolve({ status, headers, body: this });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#sink !== undefined) return this.#sink.data(chunk);
    if (this.#held === noChunks) {
      this.#held = [chunk];
      return;
    }
    this.#held.push(chunk);
    controller.pause();
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    const trailers = controller.rawTrailers as Buffer[] | undefined;
    if (trailers?.length) this.#trailers = decodeHeaders(trailers);
    this.#ended = true;
    this.#sink?.end(this.#trailers);
  }

  onResponseError(_controller: unknown, error: Error): void {
    clearTimeout(this.#firstByteTimer);
    this.#failed = error;
    if (this.#answered) this.#sink?.error(error);
    else this.#rejectWith(this.#classify(error), error);
  }

  start(sink: BodySink): void {
    this.#sink = sink;
    const held = this.#held;
    this.#held = noChunks;
    for (const chunk of held) sink.data(chunk);
    if (this.#failed !== undefined) sink.error(this.#failed);
    else if (this.#ended) sink.end(this.#trailers);
    else if (held.length > 1) this.#controller?.resume();
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  cancel(): void {
    this.#sink = silentSink;
    this.stop(new Error('nobody reads the rest of this reply'));
  }

  #refuse(controller: Dispatcher.DispatchController, reason: Error): void {
    this.#rejectWith('invalid', reason);
    controller.abort(reason);
  }

  #rejectWith(failure: TransportFailure, cause: Error): void {
    this.#reject(new TransportError(failure, cause));
  }

  #classify(error: Error): TransportFailure {
    if (this.#stopped !== undefined) return 'stopped';
    if (this.#controller === undefined) return beforeSending[(error as { code?: string }).code ?? ''] ?? 'unreachable';
    if (this.#timedOut) return 'timeout';
    return notHttp.has(error.name) || error.message === 'bad upgrade' ? 'invalid' : 'broken';
  }
}

const beforeSending: Readonly<Record<string, TransportFailure>> = {
  UND_ERR_INVALID_ARG: 'unsendable',
  UND_ERR_NOT_SUPPORTED: 'unsendable',
  [connectTimeoutCode]: 'unconnected',
};

// Before the answer a mismatch of lengths means a header that contradicts itself.
const notHttp = new Set(['HTTPParserError', 'HeadersOverflowError', 'ResponseContentLengthMismatchError']);

const silentSink: BodySink = { data() {}, end() {}, error() {} };

// Bytes of a field are ISO-8859-1 to Node in both directions (RFC 9110 §5.5): nothing is lost or re-encoded.
function decodeHeaders(raw: readonly Buffer[]): string[] {
  const headers = new Array<string>(raw.length);
  for (let i = 0; i < raw.length; i += 1) headers[i] = raw[i]!.toString('latin1');
  return headers;
}
