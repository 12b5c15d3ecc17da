import { users as usersSchema } from '../../../src/config/users.ts';
import { createUserDirectory } from '../../../src/oauth/users/create-user-directory.ts';
import { createPasswordHasher } from '../../../src/oauth/users/password-hasher.ts';
import { createMemoryUserStore } from '../../../src/stores/memory/memory-user-store.ts';
import { createTransport } from '../../../src/transport/transport.ts';
import { always, startScriptedUpstream } from '../../support/scripted-upstream.ts';
import { createRecordedLog } from './record-log.ts';

const transport = createTransport({ connectionsPerInstance: 2 });
afterAll(() => transport.close());

function open(written: unknown) {
  const { log, lines } = createRecordedLog();
  const users = createMemoryUserStore();
  const hasher = createPasswordHasher({ cost: { ln: 4, r: 8, p: 1 } });
  const isClient = async (id: string) => id === 'storefront';
  const parts = { transport, users, hasher, isClient, clock: () => 0, log };
  return { directory: createUserDirectory(usersSchema.parse(written), parts), users, hasher, lines };
}

async function overHttp(sub: string) {
  const upstream = await startScriptedUpstream(always(200, [], JSON.stringify({ sub, claims: {} })));
  return open({ use: 'http', with: { url: upstream.url, secret: 'demo-only-x', find: '/{sub}' } });
}

test('users of the store', async () => {
  const { directory, users, hasher } = open({ use: 'embedded', roles: 'groups', claims: {} });
  await users.add({
    id: 'u1',
    username: 'ada',
    passwordHash: await hasher.hash('right'),
    roles: [],
    attributes: { groups: ['support'] },
    disabled: false,
    createdAt: 0,
  });
  expect(await directory.authenticate('ada', 'right')).toEqual({
    outcome: 'ok',
    user: { subject: 'u1', roles: ['support'], claims: {} },
  });
  expect(await directory.find('u2')).toEqual({ outcome: 'gone' });
});

test('users of a users service', async () => {
  const { directory, lines } = await overHttp('u1');
  expect(await directory.authenticate('ada', 'right')).toMatchObject({ outcome: 'ok', user: { subject: 'u1' } });
  expect(lines).toEqual([]);
});

test.each(['storefront', 'https://login.example#u1', 'HTTP://x#'])(
  'nobody whose sub is %s signs in or is found: it is the name of somebody else',
  async (sub) => {
    const { directory, lines } = await overHttp(sub);
    const unavailable = { outcome: 'unavailable', retryAfter: 60, reason: expect.stringContaining('the name of') };
    expect(await directory.authenticate('ada', 'right')).toEqual(unavailable);
    expect(await directory.find(sub)).toEqual(unavailable);
    expect(lines).toMatchObject([{ level: 'error', fields: { subject: sub } }, { level: 'error' }]);
  },
);
