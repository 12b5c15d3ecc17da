/** Run as a process of its own and killed: prints the position and id of each revocation once it is acknowledged. */
import { writeSync } from 'node:fs';
import { openStores } from '../../../src/stores/open-stores.ts';

const { revocations } = await openStores({ use: 'sqlite', with: { file: process.argv[2]! } });
const now = Number(process.argv[3]);

async function revoke(id: string, until: number): Promise<void> {
  const { position } = await revocations.append({ level: 'token', id }, until, now);
  writeSync(1, `${position} ${id}\n`);
}

for (let round = 0; ; round++) {
  await Promise.all(Array.from({ length: 20 }, (_, n) => revoke(`${round}-${n}`, now + 60)));
  // One that is over at once, and that the next round forgets.
  await revoke(`over-${round}`, now);
}
