/** Run as a process of its own and killed: prints the id of each key once the store has acknowledged it. */
import { writeSync } from 'node:fs';
import { openStores } from '../../../src/stores/open-stores.ts';

const { keys } = await openStores({ use: 'sqlite', with: { file: process.argv[2]! } });

/** Each key has an algorithm of its own, because the store keeps the first of each only. */
async function write(id: string): Promise<void> {
  const key = { id, algorithm: id as 'RS256', privateKey: 'x'.repeat(1_700), createdAt: 0 };
  await keys.createFirst({ ...key, activeFrom: 0, removedFrom: undefined });
  writeSync(1, `${id}\n`);
}

for (let round = 0; ; round++) await Promise.all(Array.from({ length: 20 }, (_, n) => write(`${round}-${n}`)));
