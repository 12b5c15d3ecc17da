import { always, startScriptedUpstream } from './support/scripted-upstream.ts';
import { startGateway } from './support/start-gateway.ts';

test('a user called like a client of the store cannot sign in, whether or not that client may be used', async () => {
  const users = await startScriptedUpstream(always(200, [], JSON.stringify({ sub: 'worker', claims: {} })));
  const gateway = await startGateway(`
admin: { token: demo-only-admin }
oauth:
  signing: ES256
  users: { use: http, with: { url: "${users.url}", secret: demo-only-users } }
  clients: [{ id: backend, secret: demo-only-backend, firstParty: true, grants: [password] }]
`);
  const credentials = { client_id: 'backend', client_secret: 'demo-only-backend' };
  const signIn = async (): Promise<number> => {
    const form = { grant_type: 'password', username: 'ada', password: 'right', ...credentials };
    const headers = { Connection: 'close' };
    return (await fetch(`${gateway.url}/oauth/token`, { method: 'POST', headers, body: new URLSearchParams(form) }))
      .status;
  };
  const administer = async (method: string, path: string, document: object): Promise<number> => {
    const headers = {
      Authorization: 'Bearer demo-only-admin',
      'Content-Type': 'application/json',
      Connection: 'close',
    };
    const body = JSON.stringify(document);
    return (await fetch(`${gateway.operationsUrl}/admin/clients${path}`, { method, headers, body })).status;
  };

  expect(await signIn()).toBe(200);
  expect(await administer('POST', '', { id: 'worker', grants: ['client_credentials'] })).toBe(201);
  expect(await signIn()).toBe(503);
  expect(await administer('PATCH', '/worker', { disabled: true })).toBe(200);
  expect(await signIn()).toBe(503);
});
