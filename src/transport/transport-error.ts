/**
 * How a request to an instance can fail.
 * - `unreachable`: no connection, so nothing was sent and nothing can have happened
 * - `unconnected`: no connection in time; nothing was sent either
 * - `broken`: the connection ended after the request, or a part of it, had gone out
 * - `timeout`: sent, and no answer in time
 * - `invalid`: the answer is not valid HTTP
 * - `unsendable`: the request itself cannot be written as HTTP; nothing was sent
 * - `stopped`: we gave up ourselves; `cause` says why
 */
export type TransportFailure =
  | 'unreachable'
  | 'unconnected'
  | 'broken'
  | 'timeout'
  | 'invalid'
  | 'unsendable'
  | 'stopped';

/** A request to an instance that got no answer. */
export class TransportError extends Error {
  readonly failure: TransportFailure;

  constructor(failure: TransportFailure, cause: Error) {
    super(`${failure}: ${cause.message}`, { cause });
    this.name = 'TransportError';
    this.failure = failure;
  }
}
