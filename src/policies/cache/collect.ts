import type { BodySource } from '../../model/body-source.ts';

/** The same body; when it has come whole and is no larger than `limit` bytes, `onWhole` gets a copy first. */
export function collect(source: BodySource, limit: number, onWhole: (content: Buffer) => void): BodySource {
  let chunks: Buffer[] | undefined = [];
  let length = 0;
  return {
    start(sink) {
      source.start({
        data(chunk) {
          length += chunk.length;
          if (length > limit) chunks = undefined;
          chunks?.push(chunk);
          sink.data(chunk);
        },
        end(trailers) {
          if (chunks !== undefined) onWhole(Buffer.concat(chunks));
          sink.end(trailers);
        },
        error: (error) => sink.error(error),
      });
    },
    pause: () => source.pause(),
    resume: () => source.resume(),
    cancel: () => source.cancel(),
  };
}
