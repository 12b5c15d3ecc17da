/** The one thread that owns the database file: waits for the disk here, so that the event loop never does. */
import type { DatabaseSync } from 'node:sqlite';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { StoreError } from '../store-error.ts';
import type { CallMessage, CloseMessage, WorkerMessage } from './messages.ts';
import { openDatabase } from './open-database.ts';
import { runGroup } from './run-group.ts';

/** A bound for the time that the first of a group waits for the last. */
const largestGroup = 1_000;

const port = parentPort!;
const send = (message: WorkerMessage): void => port.postMessage(message);

try {
  serve(openDatabase((workerData as { file: string }).file));
} catch (error) {
  const { message, inUse = false } = error as Partial<StoreError> & Error;
  send({ refused: message, inUse });
}

function serve(database: DatabaseSync): void {
  port.on('message', (first: CallMessage | CloseMessage) => {
    const calls: CallMessage[] = [];
    let message: CallMessage | CloseMessage | undefined = first;
    while (message !== undefined && message !== 'close') {
      calls.push(message);
      message = calls.length < largestGroup ? receiveMessageOnPort(port)?.message : undefined;
    }
    if (calls.length > 0) send({ answers: runGroup(database, calls) });
    if (message === 'close') {
      database.close();
      port.close();
    }
  });
  send({ opened: true });
}
