import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StoredKey } from '../../../src/stores/key-store.ts';
import { openSqliteStores } from '../../../src/stores/sqlite/sqlite-stores.ts';
import { StoreError } from '../../../src/stores/store-error.ts';
import { killWriter } from './kill-writer.ts';

const aKey: StoredKey = {
  id: 'a',
  algorithm: 'RS256',
  privateKey: 'pem',
  createdAt: 1,
  activeFrom: 2,
  removedFrom: undefined,
};

describe('the SQLite stores', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'garita-sqlite-'));
    file = join(folder, 'data', 'garita.db');
  });

  afterEach(async () => {
    await chmod(folder, 0o700);
    await rm(folder, { recursive: true });
  });

  /** The message of the refusal, which must be a StoreError that names the file. */
  async function refusalOf(path: string): Promise<string> {
    const error = await openSqliteStores({ file: path }).then(
      () => undefined,
      (refusal: unknown) => refusal,
    );
    expect(error).toBeInstanceOf(StoreError);
    expect((error as StoreError).message).toContain(path);
    return (error as StoreError).message;
  }

  test('creates folder and file for their owner only', async () => {
    const stores = await openSqliteStores({ file });
    await stores.keys.createFirst(aKey);
    const modes = await Promise.all(
      [join(folder, 'data'), file, `${file}-wal`].map(async (path) => (await stat(path)).mode),
    );
    expect(modes.map((mode) => mode & 0o777)).toEqual([0o700, 0o600, 0o600]);
    await stores.close();
  });

  test('remembers over a restart', async () => {
    const before = await openSqliteStores({ file });
    await before.keys.createFirst(aKey);
    await before.close();
    const after = await openSqliteStores({ file });
    expect(await after.keys.list()).toEqual([aKey]);
    await after.close();
  });

  test('has nothing in its files of keys that were sealed or dropped', async () => {
    const lyingOpen = 'a private key that lies open '.repeat(60);
    const findOpen = async () => {
      const names = await readdir(join(folder, 'data'));
      const files = await Promise.all(names.map((name) => readFile(join(folder, 'data', name))));
      return ['a private key', 'a secret'].filter((what) =>
        files.some((bytes) => bytes.includes(`${what} that lies open`)),
      );
    };
    const before = await openSqliteStores({ file });
    await before.keys.createFirst({ ...aKey, privateKey: lyingOpen });
    await before.keys.createFirstSecret({ name: 's', value: 'a secret that lies open' });
    await before.close();
    expect(await findOpen()).toEqual(['a private key', 'a secret']);

    const stores = await openSqliteStores({ file });
    await stores.keys.reseal([{ id: 'a', privateKey: 'sealed:1' }], [{ name: 's', value: 'sealed:2' }]);
    expect(await findOpen()).toEqual([]);
    await stores.keys.rotate({ ...aKey, id: 'b', activeFrom: 9, privateKey: lyingOpen }, 10, 3);
    await stores.keys.drop('b', { ...aKey, id: 'c' });
    await stores.close();
    expect(await findOpen()).toEqual([]);
  });

  test('finishes what was asked before it closes, and refuses what comes later', async () => {
    const stores = await openSqliteStores({ file });
    const asked = stores.keys.createFirst(aKey);
    const closed = stores.close();
    await expect(stores.keys.list()).rejects.toThrow(`The database ${file} is closed.`);
    await closed;
    expect(await asked).toEqual(aKey);
  });

  test('loses nothing that it acknowledged when its process is killed', async () => {
    const acknowledged = await killWriter('acknowledging-writer.ts', [file], 4_000);
    const stores = await openSqliteStores({ file });
    const present = new Set((await stores.keys.list()).map(({ id }) => id));
    await stores.close();
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(acknowledged.filter((id) => !present.has(id))).toEqual([]);
  });

  test('refuses a file that another gateway has', async () => {
    const first = await openSqliteStores({ file });
    expect(await refusalOf(file)).toContain('in use by another process. Stop the other gateway');
    await first.close();
    await (await openSqliteStores({ file })).close();
  });

  test('refuses a file that something else writes to', async () => {
    await (await openSqliteStores({ file })).close();
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    expect(await refusalOf(file)).toContain('in use by another process');
    other.close();
  });

  test('refuses a newer schema and leaves the file alone', async () => {
    await (await openSqliteStores({ file })).close();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    const before = await readFile(file);
    expect(await refusalOf(file)).toMatch(/schema version 99, made by a newer Garita; this one knows \d+/);
    expect(await readFile(file)).toEqual(before);
  });

  test('refuses the database of another program and leaves it alone', async () => {
    await mkdir(join(folder, 'data'));
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE customers (id INTEGER)');
    database.close();
    const before = await readFile(file);
    expect(await refusalOf(file)).toContain('belongs to another program');
    expect(await readFile(file)).toEqual(before);
  });

  test('refuses a file that is no database and leaves it alone', async () => {
    await mkdir(join(folder, 'data'));
    await writeFile(file, 'not a database, '.repeat(1_000));
    expect(await refusalOf(file)).toContain('damaged or not an SQLite database');
    expect(await readFile(file, 'utf8')).toBe('not a database, '.repeat(1_000));
  });

  test('refuses a database with a damaged page', async () => {
    const stores = await openSqliteStores({ file });
    await stores.keys.createFirst(aKey);
    await stores.close();
    const bytes = await readFile(file);
    bytes.fill(0x5a, 4_096);
    await writeFile(file, bytes);
    expect(await refusalOf(file)).toContain('damaged');
  });

  test('refuses a directory', async () => {
    expect(await refusalOf(folder)).toContain('is a directory');
  });

  test('refuses a folder that cannot be made', async () => {
    await writeFile(join(folder, 'data'), 'a file where the folder should be');
    expect(await refusalOf(file)).toMatch(/cannot be written \((ENOTDIR|EEXIST)\)/);
  });

  (process.platform === 'linux' ? test : test.skip)('refuses a folder where the system makes none', async () => {
    expect(await refusalOf('/proc/garita/data/garita.db')).toContain('cannot be written (ENOENT)');
  });

  test('refuses a folder that this user may not write to', async () => {
    await chmod(folder, 0o500);
    const root = process.geteuid?.() === 0;
    // Root may write anywhere, so the test steps down for a moment.
    if (root) process.seteuid?.(65_534);
    try {
      expect(await refusalOf(file)).toContain('cannot be written (EACCES)');
    } finally {
      if (root) process.seteuid?.(0);
    }
  });
});
