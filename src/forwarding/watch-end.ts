import type { BodySource } from '../model/body-source.ts';

/** The same body; `onEnd` hears once that it is over, whole or not. */
export function watchEnd(source: BodySource, onEnd: () => void): BodySource {
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    onEnd();
  };
  return {
    start(sink) {
      source.start({
        data: (chunk) => sink.data(chunk),
        end(trailers) {
          end();
          sink.end(trailers);
        },
        error(error) {
          end();
          sink.error(error);
        },
      });
    },
    pause: () => source.pause(),
    resume: () => source.resume(),
    cancel() {
      source.cancel();
      end();
    },
  };
}
