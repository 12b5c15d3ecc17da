import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStores } from '../../../src/stores/sqlite/sqlite-stores.ts';
import { now } from '../../contracts/describe-stores.ts';
import { makeCode, makeGrant } from '../../contracts/make-grant.ts';
import { killWriter } from './kill-writer.ts';

describe('grants in SQLite', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'garita-grants-'));
    file = join(folder, 'garita.db');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('lose nothing that was acknowledged to kill -9, and nothing that was used works again', async () => {
    const lines = await killWriter('acknowledging-grantor.ts', [file, String(now)], 6_000);
    const idsOf = (what: string) => lines.filter((line) => line.startsWith(what)).map((line) => line.split(' ')[1]!);

    const { grants, close } = await openSqliteStores({ file });
    for (const [what, least] of Object.entries({ consumed: 50, rotated: 50, revoked: 50 })) {
      expect(idsOf(what).length).toBeGreaterThan(least);
    }
    for (const id of idsOf('consumed')) {
      expect(await grants.consumeCode(id, 'storefront', now)).toMatchObject({ outcome: 'replayed' });
    }
    for (const id of idsOf('rotated')) {
      expect((await grants.findByRefresh(`${id}+`, now))?.grant).toEqual(makeGrant(id));
      const again = await grants.rotateRefresh(id, 'storefront', { id: 'x', expiresAt: now + 600 }, 10, now + 10);
      expect(again).toMatchObject({ outcome: 'reused' });
    }
    for (const id of idsOf('revoked')) {
      expect(await grants.find(id, now)).toMatchObject({ id, revokedAt: now });
      expect(await grants.consumeCode(id, 'storefront', now)).toEqual({ outcome: 'missing' });
    }
    await close();
  });

  test('are forgotten with their codes and tokens when they are over', async () => {
    const { grants, close } = await openSqliteStores({ file });
    await grants.create(makeGrant('old'), makeCode('used', 'old'), now);
    await grants.create(makeGrant('other'), makeCode('unused', 'other'), now);
    await grants.consumeCode('used', 'storefront', now);
    await grants.addRefresh({ id: 'r1', grantId: 'old', expiresAt: now + 600 }, now);
    await grants.rotateRefresh('r1', 'storefront', { id: 'r2', expiresAt: now + 9_999 }, 10, now);

    const later = now + 3 * 3_600;
    const young = { createdAt: later, expiresAt: later + 3_600 };
    await grants.create(makeGrant('new', young), makeCode('c', 'new', { expiresAt: later + 60 }), later);
    await grants.addRefresh({ id: 'r3', grantId: 'new', expiresAt: later + 600 }, later);
    await close();

    const database = new DatabaseSync(file);
    const idsIn = (table: string) =>
      database
        .prepare(`SELECT id FROM ${table}`)
        .all()
        .map(({ id }) => id);
    expect(['grants', 'codes', 'refresh_tokens'].map(idsIn)).toEqual([['new'], ['c'], ['r3']]);
    database.close();
  });
});
