import type { Transform } from 'node:stream';
import { constants, createBrotliCompress, createGzip, createZstdCompress } from 'node:zlib';
import type { BodySource } from '../../model/body-source.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { Coding } from './negotiate.ts';

/** A stream that compresses. */
type Coder = Transform & { flush(kind: number): void };

/** How a body is compressed. */
export interface Compression {
  readonly coding: Coding;
  /** From 1, the fastest, to 6, the smallest: beyond, one body costs tens of megabytes; undefined for what suits replies made on the way. */
  readonly level: number | undefined;
}

// 512 KiB: what a compressor looks back over is most of what one body costs, here and at the caller.
const windowBits = 19;

const coders = {
  br: {
    open: (level = 4): Coder =>
      createBrotliCompress({
        params: { [constants.BROTLI_PARAM_QUALITY]: level, [constants.BROTLI_PARAM_LGWIN]: windowBits },
      }),
    flush: constants.BROTLI_OPERATION_FLUSH,
  },
  zstd: {
    open: (level = 3): Coder =>
      createZstdCompress({
        params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_windowLog]: windowBits },
      }),
    flush: constants.ZSTD_e_flush,
  },
  gzip: { open: (level = 6): Coder => createGzip({ level }), flush: constants.Z_SYNC_FLUSH },
} as const satisfies Record<Coding, { open(level?: number): Coder; flush: number }>;

/**
 * The same body, compressed, no faster than it is read. What has come in goes out when nothing follows at once, so nobody
 * waits for an event that is there. A body that is cut stays cut, and when the exchange stops, the compressor goes.
 */
export function compressBody(
  source: BodySource,
  { coding, level }: Compression,
  exchange: Pick<Exchange, 'whenStopped'>,
): BodySource {
  let coder: Coder | undefined;
  let full = false;
  return {
    start(sink) {
      const { open, flush } = coders[coding];
      const own = open(level);
      coder = own;
      const fail = (error: Error): void => {
        own.destroy();
        sink.error(error);
      };
      own.on('data', (chunk: Buffer) => sink.data(chunk));
      own.on('drain', () => {
        if (!full) return;
        full = false;
        source.resume();
      });
      own.on('end', () => {
        exchange.whenStopped(undefined);
        sink.end();
      });
      own.on('error', (error) => {
        source.cancel();
        sink.error(error);
      });
      source.start({
        data(chunk) {
          const room = own.write(chunk, () => {
            if (own.writableLength === 0 && !own.writableEnded && !own.destroyed) own.flush(flush);
          });
          if (room || full) return;
          full = true;
          source.pause();
        },
        end() {
          own.end();
          // What the exchange waited for so far has ended; the rest is ours.
          exchange.whenStopped(fail);
        },
        error: fail,
      });
    },
    pause: () => void coder?.pause(),
    resume: () => void coder?.resume(),
    cancel() {
      coder?.destroy();
      source.cancel();
    },
  };
}
