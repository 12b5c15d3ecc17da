import type { HeaderList } from './headers.ts';

/** Receives a body: any number of `data`, then exactly one of `end` and `error`. */
export interface BodySink {
  data(chunk: Buffer): void;
  /** The body is whole. Who keeps or changes bodies may drop the trailers (RFC 9110 §6.5.1). */
  end(trailers?: HeaderList): void;
  /** The body is cut: what came so far must never pass for a whole one. */
  error(error: Error): void;
}

/**
 * A body on its way, read once. Pushing instead of a Node stream: a small reply that arrived with its head is handed
 * over in one call, and a wrap listens in by putting its own sink in front of the next one.
 */
export interface BodySource {
  /** Starts the flow into the one sink; chunks may be delivered before this returns. */
  start(sink: BodySink): void;
  /** Asks the sender to stop for now; a few chunks may still come. */
  pause(): void;
  resume(): void;
  /** Nobody wants the rest: frees the connection. The sink hears nothing more. */
  cancel(): void;
}

/** A body that is all there. */
export function bodyOf(content: Buffer): BodySource {
  let wanted = true;
  return {
    start(sink) {
      if (wanted && content.length > 0) sink.data(content);
      if (wanted) sink.end();
    },
    pause() {},
    resume() {},
    cancel() {
      wanted = false;
    },
  };
}

/** The body of a reply that has none. It remembers nothing, so that any number of replies may share it. */
export const emptyBody: BodySource = {
  start: (sink) => sink.end(),
  pause() {},
  resume() {},
  cancel() {},
};
