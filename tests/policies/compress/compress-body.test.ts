import { EventEmitter, once } from 'node:events';
import {
  brotliDecompressSync,
  createBrotliDecompress,
  createGunzip,
  createZstdDecompress,
  gunzipSync,
  zstdDecompressSync,
} from 'node:zlib';
import fc from 'fast-check';
import { type BodySink, type BodySource, bodyOf } from '../../../src/model/body-source.ts';
import { compressBody } from '../../../src/policies/compress/compress-body.ts';
import { type Coding, codings } from '../../../src/policies/compress/negotiate.ts';
import { makeExchange } from '../../model/make-exchange.ts';

const expand = { br: brotliDecompressSync, zstd: zstdDecompressSync, gzip: gunzipSync };
const openExpander = { br: createBrotliDecompress, zstd: createZstdDecompress, gzip: createGunzip };

/** A body that a test pushes, and what is asked of it. */
function pushed() {
  const asked: string[] = [];
  let sink: BodySink | undefined;
  const source: BodySource = {
    start: (its) => {
      sink = its;
    },
    pause: () => void asked.push('pause'),
    resume: () => void asked.push('resume'),
    cancel: () => void asked.push('cancel'),
  };
  return { source, asked, sink: () => sink! };
}

/** Starts a body; tells `data`, `end` and `error` as they come. */
function start(body: BodySource) {
  const events = new EventEmitter({ captureRejections: false });
  const chunks: Buffer[] = [];
  const over = new Promise<Error | undefined>((resolve) => {
    body.start({
      data(chunk) {
        chunks.push(chunk);
        events.emit('data', chunk);
      },
      end: () => resolve(undefined),
      error: resolve,
    });
  });
  return { events, over, bytes: () => Buffer.concat(chunks) };
}

test.each(codings)('%s: expands to what it was, however it came in', async (coding) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 5_000 })),
      fc.option(fc.integer({ min: 1, max: 6 })),
      async (parts, level) => {
        const { source, sink } = pushed();
        const { over, bytes } = start(compressBody(source, { coding, level: level ?? undefined }, makeExchange()));
        for (const part of parts) sink().data(Buffer.from(part));
        sink().end();
        expect(await over).toBeUndefined();
        expect(expand[coding](bytes())).toEqual(Buffer.concat(parts));
      },
    ),
    { numRuns: 20 },
  );
});

test.each(codings)('%s: an event goes out while the next one is not there', async (coding) => {
  const { source, sink } = pushed();
  const { events } = start(compressBody(source, { coding, level: undefined }, makeExchange()));
  const expander = openExpander[coding]();
  events.on('data', (chunk) => expander.write(chunk));
  for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
    sink().data(Buffer.from(event));
    expect(String((await once(expander, 'data'))[0])).toBe(event);
  }
  expander.destroy();
});

test.each(codings)('%s: a body that is cut stays cut', async (coding) => {
  const { source, sink } = pushed();
  const { over, bytes } = start(compressBody(source, { coding, level: undefined }, makeExchange()));
  sink().data(Buffer.from('half of it'));
  sink().error(new Error('reset'));
  expect((await over)?.message).toBe('reset');
  await new Promise(setImmediate);
  expect(() => expand[coding](bytes())).toThrow();
});

test('the source waits for a reader who does', async () => {
  const { source, sink, asked } = pushed();
  const body = compressBody(source, { coding: 'gzip', level: 1 }, makeExchange());
  const { over, bytes } = start(body);
  body.pause();
  const noise = Buffer.from(Array.from({ length: 65_536 }, (_, index) => (index * 7919 * (index % 251)) % 256));
  let sent = 0;
  while (!asked.includes('pause')) {
    sink().data(noise);
    sent += 1;
    await new Promise(setImmediate);
  }
  expect(sent).toBeLessThan(20);
  expect(bytes()).toHaveLength(0);
  body.resume();
  while (!asked.includes('resume')) await new Promise(setImmediate);
  sink().end();
  expect(await over).toBeUndefined();
  expect(gunzipSync(bytes())).toHaveLength(sent * noise.length);
});

test('nobody wants the rest: the source lets go, and nothing more comes', async () => {
  const { source, sink, asked } = pushed();
  const body = compressBody(source, { coding: 'br', level: undefined }, makeExchange());
  const { bytes } = start(body);
  sink().data(Buffer.from('some'));
  body.cancel();
  await new Promise(setImmediate);
  expect(asked).toEqual(['cancel']);
  expect(bytes()).toHaveLength(0);
});

test('one that was never read costs nothing', () => {
  const { source, asked } = pushed();
  compressBody(source, { coding: 'br', level: undefined }, makeExchange()).cancel();
  expect(asked).toEqual(['cancel']);
});

test('a body that is all there ends with its exchange when nobody reads it', async () => {
  const exchange = makeExchange();
  const body = compressBody(
    bodyOf(Buffer.alloc(1_000_000, 'text ')),
    { coding: 'gzip' satisfies Coding, level: undefined },
    exchange,
  );
  const { over } = start(body);
  body.pause();
  exchange.stop(new Error('the caller left'));
  expect((await over)?.message).toBe('the caller left');
});
