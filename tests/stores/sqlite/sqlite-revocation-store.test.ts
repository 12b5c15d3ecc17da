import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { openSqliteStores } from '../../../src/stores/sqlite/sqlite-stores.ts';

const now = 1_700_000_000;
const revoker = fileURLToPath(new URL('acknowledging-revoker.ts', import.meta.url));

describe('revocations in SQLite', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'garita-revocations-'));
    file = join(folder, 'garita.db');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('survive kill -9 once they are acknowledged, and those that were over do not come back', async () => {
    const writer = spawn(process.execPath, [revoker, file, String(now)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    for await (const chunk of writer.stdout) {
      printed += chunk;
      if (printed.length > 6_000 && !writer.killed) writer.kill('SIGKILL');
    }
    if (writer.signalCode === null) await once(writer, 'exit');
    expect(writer.signalCode).toBe('SIGKILL');
    const acknowledged = printed
      .slice(0, printed.lastIndexOf('\n'))
      .split('\n')
      .map((line) => line.split(' ') as [string, string]);

    const { revocations, close } = await openSqliteStores({ file });
    const present = new Set((await revocations.live(now)).map((kept) => 'id' in kept && kept.id));
    const expected = acknowledged.map(([, id]) => id).filter((id) => !id.startsWith('over-'));
    expect(expected.length).toBeGreaterThan(100);
    expect(expected.filter((id) => !present.has(id))).toEqual([]);
    expect([...present].filter((id) => id !== false && id.startsWith('over-'))).toEqual([]);
    const next = await revocations.append({ level: 'everything' }, now + 60, now);
    expect(next.position).toBeGreaterThan(Math.max(...acknowledged.map(([position]) => Number(position))));
    await close();
  });

  test('count on after a restart with nothing left', async () => {
    const before = await openSqliteStores({ file });
    const { position } = await before.revocations.append({ level: 'everything' }, now + 1, now);
    await before.revocations.append({ level: 'token', id: 'a' }, now + 1, now + 2);
    await before.close();
    const after = await openSqliteStores({ file });
    expect(await after.revocations.live(now + 3)).toEqual([]);
    const next = await after.revocations.append({ level: 'everything' }, now + 60, now - 100);
    expect(next.position).toBeGreaterThan(position);
    await after.close();
  });

  test('find their place in a database from before there were any, whose keys stay', async () => {
    const key = { id: 'a', algorithm: 'RS256', privateKey: 'pem', createdAt: 1 } as const;
    const first = await openSqliteStores({ file });
    await first.keys.createFirst(key);
    await first.close();
    const database = new DatabaseSync(file);
    database.exec('DROP TABLE revocations; PRAGMA user_version = 1');
    database.close();

    const { keys, revocations, close } = await openSqliteStores({ file });
    expect(await keys.list()).toEqual([key]);
    const kept = await revocations.append({ level: 'client', id: 'storefront' }, now + 60, now);
    expect(await revocations.live(now)).toEqual([kept]);
    await close();
  });
});
