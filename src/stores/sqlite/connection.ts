import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { StoreError } from '../store-error.ts';
import type { Answer, CallMessage, CloseMessage, WorkerMessage } from './messages.ts';
import type { Verb, VerbInput, VerbOutput } from './verbs.ts';

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: StoreError) => void;
}

/**
 * The main thread's end of the worker that owns the database. Calls that are sent while a transaction commits share the
 * next one. The worker keeps the process alive only while a call is unanswered.
 */
export class Connection {
  readonly #worker: Worker;
  readonly #file: string;
  readonly #pending = new Map<number, Pending>();
  readonly #exited: Promise<void>;
  readonly #opened = Promise.withResolvers<void>();
  #lastId = 0;
  #end: StoreError | undefined;

  /** @param worker - runs worker.ts on this file; made by {@link openConnection}. */
  constructor(worker: Worker, file: string) {
    this.#worker = worker;
    this.#file = file;
    this.#exited = new Promise((resolve) => worker.once('exit', () => resolve()));
    worker.on('message', (message: WorkerMessage) => this.#receive(message));
    worker.on('error', (cause: Error) => this.#finish(`failed: ${cause.message}`, cause));
    worker.on('exit', () => this.#finish('was closed by a thread that ended early.'));
  }

  /** Settles when the database is open, or rejects with a StoreError that says why it cannot be. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  /** Runs a verb and answers when its transaction is on disk. Rejects with a StoreError. */
  call<V extends Verb>(verb: V, ...input: VerbInput<V>): Promise<VerbOutput<V>> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#pending.size === 0) this.#worker.ref();
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, verb, input } satisfies CallMessage);
    });
  }

  /** Lets the calls made so far finish, closes the file and ends the worker. */
  async close(): Promise<void> {
    if (this.#end === undefined) {
      this.#end = this.#error('is closed.');
      this.#worker.ref();
      this.#worker.postMessage('close' satisfies CloseMessage);
    }
    await this.#exited;
  }

  #receive(message: WorkerMessage): void {
    if ('answers' in message) {
      for (const answer of message.answers) this.#settle(answer);
      if (this.#pending.size === 0 && this.#end === undefined) this.#worker.unref();
    } else if ('opened' in message) {
      this.#worker.unref();
      this.#opened.resolve();
    } else {
      this.#end = new StoreError(message.refused, { inUse: message.inUse });
      this.#opened.reject(this.#end);
    }
  }

  #settle(answer: Answer): void {
    const pending = this.#pending.get(answer.id)!;
    this.#pending.delete(answer.id);
    if ('error' in answer) pending.reject(this.#error(`failed: ${answer.error}`));
    else pending.resolve(answer.value as never);
  }

  /** The worker is no more: nobody may wait for it. */
  #finish(what: string, cause?: unknown): void {
    this.#end ??= this.#error(what, cause);
    this.#opened.reject(this.#end);
    for (const { reject } of this.#pending.values()) reject(this.#end);
    this.#pending.clear();
  }

  #error(what: string, cause?: unknown): StoreError {
    return new StoreError(`The database ${this.#file} ${what}`, { cause });
  }
}

/** Starts the worker and waits until it has the database open. Rejects with a StoreError when it cannot be. */
export async function openConnection(file: string): Promise<Connection> {
  // Beside this file and of its kind: .ts where Node runs the sources, .js in the published package.
  const path = fileURLToPath(new URL(`./worker${extname(import.meta.url)}`, import.meta.url));
  const connection = new Connection(new Worker(path, { workerData: { file } }), file);
  await connection.opened;
  return connection;
}
