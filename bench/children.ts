import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A process of this run, with the last of what it wrote to stderr. */
export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  complaint(): string;
}

export interface StartOptions {
  /** The core to run on; the core of this process when absent. */
  readonly core?: number | undefined;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A file descriptor for its stdout, or `pipe` to read it here; discarded when absent. */
  readonly stdout?: number | 'pipe';
}

const PATIENCE_MS = 5_000;

/** Every process that the run starts; disposing stops those that are left. */
export class Children implements AsyncDisposable {
  readonly #running = new Set<ChildProcess>();
  #closed = false;
  /** The core that servers under test are started on. */
  readonly serverCore: number | undefined;

  constructor(serverCore: number | undefined) {
    this.serverCore = serverCore;
  }

  /** Starts a program. Throws where it cannot be run at all, and once the run is being stopped. */
  start(command: string, args: readonly string[], options: StartOptions = {}): Child {
    if (this.#closed) throw new Error('the run is being stopped');
    const pinned =
      options.core === undefined ? [command, ...args] : ['taskset', '-c', `${options.core}`, command, ...args];
    const child = spawn(pinned[0]!, pinned.slice(1), {
      stdio: ['ignore', options.stdout ?? 'ignore', 'pipe'],
      env: { ...process.env, ...options.env },
      ...(options.cwd && { cwd: options.cwd }),
    });
    let complaint = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2_000);
    });
    child.once('error', (error) => {
      complaint += error.message;
      this.#running.delete(child);
    });
    child.once('exit', () => this.#running.delete(child));
    if (child.pid === undefined) throw new Error(`cannot run ${command}`);
    this.#running.add(child);
    return { pid: child.pid, process: child, complaint: () => complaint.trim() };
  }

  /** Those that run now. */
  pids(): number[] {
    return [...this.#running].flatMap(({ pid }) => pid ?? []);
  }

  /** Ends one process and waits until it is gone: politely first, by force after five seconds. */
  async stop({ process: child }: Child): Promise<void> {
    await end(child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#running].map(end));
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await gone;
  clearTimeout(force);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Resolves when the port accepts connections; throws when the process ends first or 15 seconds pass. */
export async function waitForPort(port: number, child: Child): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await accepts(port))) {
    if (hasEnded(child.process)) throw new Error(`ended before it listened: ${child.complaint() || 'without a word'}`);
    if (Date.now() > deadline) throw new Error(`not listening after 15 seconds: ${child.complaint()}`);
    await delay(30);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Free ports of the loopback address, all different. */
export async function findPorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
