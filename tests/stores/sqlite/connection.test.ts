import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Connection } from '../../../src/stores/sqlite/connection.ts';

const workerFile = fileURLToPath(new URL('../../../src/stores/sqlite/worker.ts', import.meta.url));

describe('the connection to the database thread', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'garita-connection-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('tells everyone who waits, and everyone later, when the thread dies', async () => {
    const file = join(folder, 'garita.db');
    const worker = new Worker(workerFile, { workerData: { file } });
    const connection = new Connection(worker, file);
    await connection.opened;
    const terminated = worker.terminate();
    const waiting = connection.call('keys.list');
    await expect(waiting).rejects.toThrow(`The database ${file} was closed by a thread that ended early.`);
    await terminated;
    await expect(connection.call('keys.list')).rejects.toThrow('ended early');
    await connection.close();
  });

  test('says so when the thread never gets as far as opening', async () => {
    const worker = new Worker('throw new Error("out of order")', { eval: true });
    await expect(new Connection(worker, 'x.db').opened).rejects.toThrow('The database x.db failed: out of order');
  });
});
