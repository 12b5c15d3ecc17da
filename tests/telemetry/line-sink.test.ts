import { Writable } from 'node:stream';
import { LineSink } from '../../src/telemetry/line-sink.ts';

/** A reader that takes a batch only when told to, or at once while it flows. */
class Reader extends Writable {
  readonly batches: string[] = [];
  flows: boolean;
  #taken: (() => void) | undefined;

  constructor(flows: boolean) {
    super({ decodeStrings: false, highWaterMark: 16 });
    this.flows = flows;
  }

  override _write(batch: string, _encoding: string, done: () => void): void {
    this.batches.push(batch);
    if (this.flows) done();
    else this.#taken = done;
  }

  /** Begins to flow. */
  release(): void {
    this.flows = true;
    this.#taken?.();
  }

  get lines(): string[] {
    return this.batches.join('').split('\n').slice(0, -1);
  }
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));
const dropped = (lines: number) => ({ level: 'warn', message: 'log lines dropped: the reader is too slow', lines });

test('lines of one moment leave together', async () => {
  const reader = new Reader(true);
  const sink = new LineSink(reader, { delay: 1 });
  for (const line of ['a', 'b', 'c']) sink.write(line);
  expect(reader.batches).toEqual([]);
  await soon();
  expect(reader.batches).toEqual(['a\nb\nc\n']);
  sink.write('d');
  await soon();
  expect(reader.batches).toEqual(['a\nb\nc\n', 'd\n']);
});

test('a full batch does not wait', () => {
  const reader = new Reader(true);
  const sink = new LineSink(reader, { delay: 60_000 });
  sink.write('x'.repeat(40_000));
  expect(reader.batches).toHaveLength(1);
});

test('close hands over what waits', async () => {
  const reader = new Reader(true);
  const sink = new LineSink(reader, { delay: 60_000 });
  sink.write('a');
  await sink.close();
  expect(reader.lines).toEqual(['a']);
  expect(sink.dropped).toBe(0);
});

test('close waits until a slow reader has taken it', async () => {
  const reader = new Reader(false);
  const sink = new LineSink(reader, { delay: 60_000, patience: 60_000 });
  sink.write('a');
  let closed = false;
  const closing = sink.close().then(() => {
    closed = true;
  });
  await soon();
  expect(closed).toBe(false);
  reader.release();
  await closing;
  expect(reader.lines).toEqual(['a']);
});

test('close does not wait for ever for a reader who is stuck', async () => {
  const sink = new LineSink(new Reader(false), { delay: 60_000, patience: 2 });
  sink.write('a');
  await sink.close();
});

test('a stuck reader costs lines, which are counted, and the count is told when there is room again', async () => {
  const reader = new Reader(false);
  const sink = new LineSink(reader, { delay: 1, maxPending: 100 });
  const line = 'x'.repeat(49);
  for (let turn = 0; turn < 10; turn++) sink.write(line);
  expect(sink.dropped).toBe(7);
  await soon();
  for (let turn = 0; turn < 5; turn++) sink.write(line);
  expect(sink.dropped).toBe(12);
  expect(reader.writableLength).toBeLessThan(400);
  reader.release();
  sink.write('after');
  await sink.close();
  const counts = reader.lines.filter((it) => it.startsWith('{')).map((it) => JSON.parse(it));
  expect(counts).toEqual([dropped(7), dropped(5)]);
  expect(reader.lines.filter((it) => it === line)).toHaveLength(3);
  expect(reader.lines).toContain('after');
});

test('lines that were lost before the end are told by close', async () => {
  const reader = new Reader(true);
  const sink = new LineSink(reader, { delay: 60_000, maxPending: 1 });
  for (const line of ['first', 'second', 'third']) sink.write(line);
  await sink.close();
  expect(reader.lines[0]).toBe('first');
  expect(JSON.parse(reader.lines[1]!)).toEqual(dropped(2));
});

test('a reader who has gone away costs lines and nothing else', async () => {
  const reader = new Reader(true);
  const sink = new LineSink(reader, { delay: 60_000 });
  reader.destroy(new Error('EPIPE'));
  await soon();
  sink.write('a');
  expect(sink.dropped).toBe(1);
  await sink.close();
  expect(reader.batches).toEqual([]);
});

test('close ends when the reader goes away while it waits', async () => {
  const reader = new Reader(false);
  const sink = new LineSink(reader, { delay: 60_000, patience: 60_000 });
  sink.write('a');
  const closing = sink.close();
  reader.destroy(new Error('EPIPE'));
  await closing;
});
