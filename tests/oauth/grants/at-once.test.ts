import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GrantStore } from '../../../src/stores/grant-store.ts';
import { openMemoryStores } from '../../../src/stores/memory/memory-stores.ts';
import { openSqliteStores } from '../../../src/stores/sqlite/sqlite-stores.ts';
import type { Stores } from '../../../src/stores/stores.ts';
import { Application, spa } from '../application.ts';
import { createAuthorizationServer } from '../authorization-server.ts';
import { expectOAuthError } from '../post-form.ts';
import { expectDead, expectLive } from '../verify.ts';

const many = 50;

describe.each(['memory', 'sqlite'] as const)('many at once, with the %s store', (kind) => {
  let folder: string;
  let stores: Stores;
  /** Ids of refresh tokens that took the place of another one. */
  let rotated: string[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'garita-'));
    const opened = kind === 'memory' ? openMemoryStores() : await openSqliteStores({ file: join(folder, 'garita.db') });
    rotated = [];
    stores = { ...opened, grants: watching(opened.grants) };
  });
  afterEach(async () => {
    await stores.close();
    rmSync(folder, { recursive: true });
  });

  const watching = (grants: GrantStore): GrantStore => ({
    ...grants,
    async rotateRefresh(...rotation) {
      const result = await grants.rotateRefresh(...rotation);
      if (result.outcome === 'ok') rotated.push(result.successor.id);
      return result;
    },
  });

  async function start() {
    const server = await createAuthorizationServer({ withUsers: true, configured: [spa()], stores });
    return { server, app: new Application(server) };
  }

  test('of 50 uses of one code exactly one gets tokens, and they are dead', async () => {
    const { server, app } = await start();
    const code = await app.getCode();
    const answers = await Promise.all(Array.from({ length: many }, () => app.redeem(code)));
    const [winner, ...others] = answers.filter(({ status }) => status === 200);
    expect([winner?.status, others]).toEqual([200, []]);
    expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(many - 1);
    expectDead(server, winner!.body.access_token);
    await expectOAuthError(app.refresh(winner!.body.refresh_token), 400, 'invalid_grant');
  });

  test('of 50 uses of one code in two gateways at most one gets tokens, and they can renew nothing', async () => {
    const [here, there] = [await start(), await start()];
    const code = await here.app.getCode();
    const redeem = (n: number) =>
      (n % 2 === 0 ? here.app : there.app).redeem(code, { code_verifier: here.app.verifier });
    const answers = await Promise.all(Array.from({ length: many }, (_, n) => redeem(n)));
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners.length).toBeLessThanOrEqual(1);
    for (const { body } of winners) {
      await expectOAuthError(here.app.refresh(body.refresh_token), 400, 'invalid_grant');
    }
    expect(await stores.grants.list({}, { limit: 10 }, here.server.now)).toEqual([]);
  });

  test('of 50 uses of one refresh token one rotation is stored, and everybody gets its successor', async () => {
    const { server, app } = await start();
    const { refresh_token } = await app.signIn();
    const answers = await Promise.all(Array.from({ length: many }, () => app.refresh(refresh_token)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(rotated).toHaveLength(1);
    const successors = new Set(answers.map(({ body }) => body.refresh_token));
    expect([...successors]).toEqual([expect.stringContaining(rotated[0]!)]);
    expectLive(server, ...answers.map(({ body }) => body.access_token));
    expect((await app.refresh(answers[0]!.body.refresh_token)).status).toBe(200);
  });
});
