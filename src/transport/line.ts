import { type buildConnector, Client, type Dispatcher } from 'undici';
import type { Call } from './call.ts';
import { ContinueFilter } from './continue-filter.ts';

/**
 * One connection of undici's at a time, on which an instance may say `100 Continue` unasked: undici takes that for an
 * answer that is broken, HTTP does not (RFC 9110 §15.2).
 */
export class Line extends Client {
  readonly #expectAnswer: () => void;

  constructor(origin: URL, options: Client.Options) {
    const filter = new ContinueFilter();
    const connect = options.connect as buildConnector.connector;
    super(origin, {
      ...options,
      connect: (target: buildConnector.Options, callback: buildConnector.Callback) =>
        connect(target, (...[error, socket]: Parameters<buildConnector.Callback>) => {
          if (error) return callback(error, null);
          filter.attach(socket!);
          callback(null, socket!);
        }),
    });
    this.#expectAnswer = () => filter.expectAnswer();
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    (handler as Call).assign(this.#expectAnswer);
    return super.dispatch(options, handler);
  }
}
