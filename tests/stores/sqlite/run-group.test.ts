import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../../../src/stores/sqlite/migrations.ts';
import { runGroup } from '../../../src/stores/sqlite/run-group.ts';

const key = (id: string, algorithm: string, createdAt: unknown = 1) => ({
  id,
  algorithm,
  privateKey: 'pem',
  createdAt,
  activeFrom: 1,
  removedFrom: undefined,
});

describe('a group of calls', () => {
  let database: DatabaseSync;
  beforeEach(() => {
    database = new DatabaseSync(':memory:');
    migrate(database, ':memory:');
  });
  afterEach(() => database.close());

  const stored = () =>
    database
      .prepare('SELECT id FROM signing_keys ORDER BY id')
      .all()
      .map(({ id }) => id);

  test('is answered call by call, in order', () => {
    const answers = runGroup(database, [
      { id: 7, verb: 'keys.createFirst', input: [key('a', 'RS256')] },
      { id: 8, verb: 'keys.list', input: [] },
    ]);
    expect(answers).toEqual([
      { id: 7, value: key('a', 'RS256') },
      { id: 8, value: [key('a', 'RS256')] },
    ]);
    expect(database.isTransaction).toBe(false);
  });

  test('keeps what the others did when one call fails', () => {
    const answers = runGroup(database, [
      { id: 1, verb: 'keys.createFirst', input: [key('a', 'RS256')] },
      { id: 2, verb: 'keys.createFirst', input: [key('b', 'ES256', 'not a number')] },
      { id: 3, verb: 'keys.createFirst', input: [key('c', 'ES256')] },
    ]);
    expect(answers[1]).toEqual({ id: 2, error: expect.stringContaining('cannot store TEXT value in REAL column') });
    expect(stored()).toEqual(['a', 'c']);
  });

  test('fails as a whole when it cannot be committed', () => {
    database.exec('CREATE TABLE parent (id INTEGER PRIMARY KEY)');
    database.exec('CREATE TABLE child (parent REFERENCES parent DEFERRABLE INITIALLY DEFERRED)');
    database.exec('PRAGMA foreign_keys = ON');
    database.exec('CREATE TRIGGER orphan AFTER INSERT ON signing_keys BEGIN INSERT INTO child VALUES (1); END');
    const answers = runGroup(database, [
      { id: 1, verb: 'keys.createFirst', input: [key('a', 'RS256')] },
      { id: 2, verb: 'keys.list', input: [] },
    ]);
    expect(answers).toEqual([
      { id: 1, error: expect.stringContaining('FOREIGN KEY') },
      { id: 2, error: expect.stringContaining('FOREIGN KEY') },
    ]);
    expect(stored()).toEqual([]);
    expect(database.isTransaction).toBe(false);
  });
});
