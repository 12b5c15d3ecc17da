import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStores } from '../../../src/stores/sqlite/sqlite-stores.ts';
import { killWriter } from './kill-writer.ts';

const now = 1_700_000_000;

describe('revocations in SQLite', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'garita-revocations-'));
    file = join(folder, 'garita.db');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('survive kill -9 once they are acknowledged, and those that were over do not come back', async () => {
    const lines = await killWriter('acknowledging-revoker.ts', [file, String(now)], 6_000);
    const acknowledged = lines.map((line) => line.split(' ') as [string, string]);

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
});
