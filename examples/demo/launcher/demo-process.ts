import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What to run. */
export interface Program {
  /** What the user calls it. */
  readonly name: string;
  /** Path of the module. */
  readonly module: string;
  readonly args?: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Its standard output is the demo's own; otherwise only its first words are heard. */
  readonly showOutput?: boolean;
}

/** A process did not get ready; the message is what it said about that. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** One process of the demo. It ends by itself when the demo's process is gone: their IPC channel closes then. */
export class DemoProcess {
  readonly name: string;
  /** How it ended, in words. Never rejects. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  #isReady = false;
  #complaint = '';

  constructor({ name, module, args = [], environment, showOutput = false }: Program) {
    this.name = name;
    this.#child = fork(module, args, {
      env: environment,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', showOutput ? 'inherit' : 'pipe', 'pipe', 'ipc'],
      // In a group of its own, a Ctrl-C in the terminal does not reach it, so that the gateway can finish what it is
      // answering before the services go.
      detached: true,
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => this.#hearComplaint(text));
    this.ended = once(this.#child, 'close').then(
      ([code, signal]) => (signal === null ? `exit code ${code}` : String(signal)),
      (error: Error) => error.message,
    );
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves to the first line of its output. Rejects with a StartError when it ends before. */
  firstLine(): Promise<string> {
    return this.#ready(once(this.#child.stdout!, 'data').then(([data]) => String(data)));
  }

  /** Resolves to the first message that it sends. Rejects with a StartError when it ends before. */
  firstMessage(): Promise<unknown> {
    return this.#ready(once(this.#child, 'message').then(([message]) => message as unknown));
  }

  /** Asks it to end and resolves when it has; it is killed when that takes longer than `patience`, in milliseconds. */
  async stop(patience: number): Promise<void> {
    const timer = setTimeout(() => this.kill(), patience);
    this.#child.kill('SIGTERM');
    await this.ended;
    clearTimeout(timer);
  }

  /** Ends it at once. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #ready<T>(sign: Promise<T>): Promise<T> {
    const failed = this.ended.then((how): never => {
      throw new StartError(this.#complaint.trim() || `${this.name} ended before it was ready (${how})`);
    });
    const said = await Promise.race([sign, failed]);
    this.#isReady = true;
    if (this.#complaint !== '') process.stderr.write(this.#complaint);
    return said;
  }

  #hearComplaint(text: string): void {
    if (this.#isReady) process.stderr.write(text);
    else this.#complaint += text;
  }
}
