/** Run as a process of its own and killed: prints what it did to a grant once that is acknowledged. */
import { writeSync } from 'node:fs';
import { openStores } from '../../../src/stores/open-stores.ts';
import { makeCode, makeGrant } from '../../contracts/make-grant.ts';

const { grants } = await openStores({ use: 'sqlite', with: { file: process.argv[2]! } });
const now = Number(process.argv[3]);
const client = 'storefront';

async function consume(id: string): Promise<void> {
  await grants.create(makeGrant(id), makeCode(id, id), now);
  await grants.consumeCode(id, client, now);
  writeSync(1, `consumed ${id}\n`);
}

async function rotate(id: string): Promise<void> {
  await grants.create(makeGrant(id), undefined, now);
  await grants.addRefresh({ id, grantId: id, expiresAt: now + 600 }, now);
  await grants.rotateRefresh(id, client, { id: `${id}+`, expiresAt: now + 600 }, 10, now);
  writeSync(1, `rotated ${id}\n`);
}

async function revoke(id: string): Promise<void> {
  await grants.create(makeGrant(id), makeCode(id, id), now);
  await grants.revoke(id, now);
  writeSync(1, `revoked ${id}\n`);
}

for (let round = 0; ; round++) {
  await Promise.all(
    [consume, rotate, revoke].flatMap((act) => [0, 1, 2, 3].map((n) => act(`${act.name}-${round}-${n}`))),
  );
}
