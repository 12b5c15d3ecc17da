import { connectTls } from './tls-client.ts';

/** A frame as it came (RFC 9113 §4.1). */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** Types of frames, and the flags of theirs that tests ask for. */
export const frames = { data: 0, headers: 1, reset: 3, settings: 4, goaway: 7, continuation: 9 } as const;
export const endStream = 1;
export const endHeaders = 4;

/** Speaks HTTP/2 frame by frame, for what a client of good manners does not do. */
export async function connectFrames(port: number) {
  const socket = await connectTls(port, { ALPNProtocols: ['h2'] });
  const received: Frame[] = [];
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      const end = 9 + rest.readUIntBE(0, 3);
      const [type = 0, flags = 0] = rest.subarray(3, 5);
      received.push({ type, flags, stream: rest.readUInt32BE(5), payload: rest.subarray(9, end) });
      rest = rest.subarray(end);
    }
    socket.emit('frames');
  });
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  const write = (type: number, flags: number, stream: number, payload: Buffer | string = ''): void => {
    const bytes = Buffer.from(payload);
    const head = Buffer.alloc(9);
    head.writeUIntBE(bytes.length, 0, 3);
    head[3] = type;
    head[4] = flags;
    head.writeUInt32BE(stream, 5);
    socket.write(Buffer.concat([head, bytes]));
  };
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  write(frames.settings, 0, 0);
  return {
    socket,
    received,
    closed,
    write,
    /** Begins a request; `fields` come after the pseudo fields of a GET unless they are such themselves. */
    ask(stream: number, fields: readonly (readonly [string, string])[], flags: number = endHeaders): void {
      const usual = [':method', ':scheme', ':path', ':authority'].filter(
        (name) => !fields.some(([one]) => one === name),
      );
      const values = { ':method': 'GET', ':scheme': 'https', ':path': '/', ':authority': 'a' } as Record<
        string,
        string
      >;
      write(frames.headers, flags, stream, encode([...usual.map((name) => [name, values[name]!] as const), ...fields]));
    },
    reset(stream: number, code: number): void {
      const payload = Buffer.alloc(4);
      payload.writeUInt32BE(code);
      write(frames.reset, 0, stream, payload);
    },
    /** Resolves to the first frame that fits; rejects when the connection closes before. */
    async until(fits: (frame: Frame) => boolean): Promise<Frame> {
      for (;;) {
        const found = received.find(fits);
        if (found !== undefined) return found;
        if (socket.closed) throw new Error(`closed before the frame came: ${JSON.stringify(received)}`);
        await Promise.race([closed, new Promise((resolve) => void socket.once('frames', resolve))]);
      }
    },
  };
}

/** A field as a frame carries it. */
export const field = (name: string, value: string): Buffer => encode([[name, value]]);

/** Literal fields without indexing (RFC 7541 §6.2.2). */
function encode(fields: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}

/** RFC 7541 §5.1, §5.2: a length with a prefix of seven bits, and the bytes. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  const length: number[] = [Math.min(bytes.length, 127)];
  if (bytes.length >= 127) {
    let left = bytes.length - 127;
    for (; left >= 128; left = Math.floor(left / 128)) length.push((left % 128) + 128);
    length.push(left);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}
