import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** An address of this machine where connections are neither accepted nor refused. */
export interface SilentAddress {
  readonly url: string;
  /** `host:port`: the name of the instance in logs and metrics. */
  readonly id: string;
}

const listening = new Set<Worker>();
const waiting = new Set<Socket>();

afterEach(async () => {
  for (const socket of waiting) socket.destroy();
  waiting.clear();
  await Promise.all([...listening].map((worker) => worker.terminate()));
  listening.clear();
});

// Listens, and never comes round to accepting anything: its thread sleeps.
const sleeper = `
const { parentPort } = require('node:worker_threads');
const server = require('node:net').createServer();
server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
});`;

/** Starts a listener whose queue is full: the kernel leaves whoever comes now without an answer. */
export async function startSilentAddress(): Promise<SilentAddress> {
  const worker = new Worker(sleeper, { eval: true });
  listening.add(worker);
  const [port] = (await once(worker, 'message')) as [number];
  for (let isFull = false; !isFull; ) {
    const socket = connect(port, '127.0.0.1');
    waiting.add(socket.on('error', () => {}));
    isFull = await Promise.race([
      once(socket, 'connect').then(() => false),
      new Promise<boolean>((resolve) => setTimeout(resolve, 100, true)),
    ]);
  }
  return { url: `http://127.0.0.1:${port}`, id: `127.0.0.1:${port}` };
}
