import type { IncomingMessage } from 'node:http';
import type { BodySource } from '../model/body-source.ts';

/** The body of an answer that Node's own client reads. It fails when the message is destroyed. */
export function bodyOfMessage(message: IncomingMessage): BodySource {
  return {
    start(sink) {
      let over = false;
      const fail = (error: Error): void => {
        if (over) return;
        over = true;
        message.destroy();
        sink.error(error);
      };
      const cut = (): void => fail(new Error('the answer broke off'));
      if (message.destroyed) return cut();
      // To Node a reset is an end like any other where only the end of the connection says how long the body is.
      message.socket.once('error', fail);
      message.once('error', fail);
      message.once('close', cut);
      message.once('end', () => {
        if (over) return;
        over = true;
        sink.end(message.rawTrailers);
      });
      message.on('data', (chunk: Buffer) => {
        if (!over) sink.data(chunk);
      });
    },
    pause: () => void message.pause(),
    resume: () => void message.resume(),
    cancel() {
      message.removeAllListeners();
      message.destroy();
    },
  };
}
