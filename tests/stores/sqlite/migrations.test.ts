import { DatabaseSync } from 'node:sqlite';
import { listKeys } from '../../../src/stores/sqlite/keys.ts';
import { migrate } from '../../../src/stores/sqlite/migrations.ts';
import { appendRevocation, listLiveRevocations } from '../../../src/stores/sqlite/revocations.ts';
import { migrations } from '../../../src/stores/sqlite/schema.ts';

describe('migrations', () => {
  let database: DatabaseSync;
  beforeEach(() => {
    database = new DatabaseSync(':memory:');
  });
  afterEach(() => database.close());

  /** Makes what the Garita of that version left behind. */
  const leave = (version: number): void => {
    for (const migration of migrations.slice(0, version)) database.exec(migration);
    database.exec(`PRAGMA application_id = ${0x47525441}; PRAGMA user_version = ${version}`);
  };

  const tables = (from: DatabaseSync): unknown[] =>
    from.prepare("SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name").all();

  test.each(migrations.map((_, version) => version))('make of version %i what a new database has', (version) => {
    const fresh = new DatabaseSync(':memory:');
    migrate(fresh, ':memory:');
    if (version > 0) leave(version);
    migrate(database, ':memory:');
    expect(tables(database)).toEqual(tables(fresh));
    migrate(database, ':memory:');
    expect(tables(database)).toEqual(tables(fresh));
    fresh.close();
  });

  test.each([1, 2])('let the keys of version %i sign from when they were made', (version) => {
    leave(version);
    database.exec("INSERT INTO signing_keys VALUES ('b', 'RS256', 'pem b', 5), ('a', 'ES256', 'pem a', 5)");
    migrate(database, ':memory:');
    const times = { createdAt: 5, activeFrom: 5, removedFrom: undefined };
    expect(listKeys(database)).toEqual([
      { id: 'b', algorithm: 'RS256', privateKey: 'pem b', ...times },
      { id: 'a', algorithm: 'ES256', privateKey: 'pem a', ...times },
    ]);
  });

  test('leave the order of revocations as it is', () => {
    leave(2);
    const kept = appendRevocation(database, { level: 'client', id: 'storefront' }, 60, 0);
    const forgotten = appendRevocation(database, { level: 'everything' }, 1, 0);
    database.exec("DELETE FROM revocations WHERE level = 'everything'");
    migrate(database, ':memory:');
    expect(listLiveRevocations(database, 0)).toEqual([kept]);
    const next = appendRevocation(database, { level: 'user', id: 'u1' }, 60, 0);
    expect(next.position).toBeGreaterThan(forgotten.position);
  });
});
