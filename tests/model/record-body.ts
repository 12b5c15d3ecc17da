import type { BodySource } from '../../src/model/body-source.ts';

/** Starts a body and writes down all that its sink hears. `onData` is called after each chunk. */
export function recordBody(body: BodySource, onData: () => void = () => {}): string[] {
  const heard: string[] = [];
  body.start({
    data(chunk) {
      heard.push(chunk.toString());
      onData();
    },
    end: () => void heard.push('<end>'),
    error: (error) => void heard.push(`<${error.message}>`),
  });
  return heard;
}
