// One transfer as the caller of a gateway, with the order given as JSON; prints its outcome as one line of JSON. On a
// bare socket that reads into the same memory all the time: a client of HTTP would cost as much as what it measures.
import net from 'node:net';
import { crc32 } from 'node:zlib';
import { type Receipt, sendContent } from './content.ts';

/** What to transfer: to the url or from it. */
export interface TransferOrder {
  readonly url: string;
  readonly direction: 'download' | 'upload';
  readonly bytes: number;
  readonly authorization: string;
}

/** How long it took from the request's first byte to the reply's last one, and what whoever received it has seen. */
export interface TransferOutcome extends Receipt {
  readonly seconds: number;
}

const { url, direction, bytes, authorization } = JSON.parse(process.argv[2]!) as TransferOrder;
const { hostname, port, host, pathname } = new URL(url);
const memory = Buffer.allocUnsafe(1 << 20);
const start = performance.now();
let head: string | undefined;
let length = 0;
let early = '';
let text = '';
let received = 0;
let sum = 0;

const socket = net.connect({ host: hostname, port: Number(port), onread: { buffer: memory, callback: take } });
const request = [
  `${direction === 'download' ? 'GET' : 'PUT'} ${pathname} HTTP/1.1`,
  `Host: ${host}`,
  `Authorization: ${authorization}`,
  ...(direction === 'upload' ? ['Content-Type: application/octet-stream', `Content-Length: ${bytes}`] : []),
];
socket.write(`${request.join('\r\n')}\r\n\r\n`);
if (direction === 'upload') sendContent(bytes, socket);
socket.once('error', (error) => fail(error.message));
socket.once('close', () => fail(`closed after ${received} of ${length} bytes`));

function take(count: number): boolean {
  const piece = memory.subarray(0, count);
  if (head !== undefined) takeBody(piece);
  else {
    early += piece.toString('latin1');
    const end = early.indexOf('\r\n\r\n');
    if (end >= 0) {
      head = early.slice(0, end);
      length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? fail('announces no Content-Length'));
      takeBody(Buffer.from(early.slice(end + 4), 'latin1'));
    }
  }
  return true;
}

function takeBody(piece: Buffer): void {
  received += piece.length;
  if (direction === 'download') sum = crc32(piece, sum);
  if (text.length < 1_000) text += piece.toString('latin1', 0, 1_000);
  // The end of the connection says nothing: not every target closes it when asked to.
  if (received >= length) finish();
}

function finish(): void {
  const seconds = (performance.now() - start) / 1_000;
  const status = /^HTTP\/1\.1 (\d+)/.exec(head!)?.[1];
  if (status !== '200') fail(`answers ${status}: ${text}`);
  const receipt = direction === 'download' ? { bytes: received, sum } : (JSON.parse(text) as Receipt);
  console.log(JSON.stringify({ ...receipt, seconds } satisfies TransferOutcome));
  process.exit();
}

function fail(reason: string): never {
  console.error(reason);
  process.exit(1);
}
