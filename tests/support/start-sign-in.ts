import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { always, type ScriptedUpstream, startScriptedUpstream } from './scripted-upstream.ts';
import { startGateway, type TestGateway } from './start-gateway.ts';
import { type RunningService, startService } from './start-service.ts';

/** Where codes are sent in tests: nobody listens there, a test reads them off the address. */
export const redirectUri = 'http://127.0.0.1:9/callback';

/** A user of the demo's users service. */
export const ada = { username: 'ada@example.com', password: 'demo-only-password' } as const;

let users: RunningService | undefined;
let folder: string;

afterAll(async () => {
  if (users === undefined) return;
  await users.stop();
  rmSync(folder, { recursive: true });
});

/** The demo's users service as a process: one for all tests of a file, because its users take a while to make. */
async function startUsers(): Promise<RunningService> {
  folder = mkdtempSync(join(tmpdir(), 'garita-users-'));
  const env = { SERVICE_SECRET: 'demo-only-users', SEED_DEMO_USERS: '1', DATABASE: join(folder, 'users.db') };
  return startService('examples/demo/users/main.ts', env);
}

/**
 * A gateway that signs in the users of the demo, and a service behind it at `/things`, which the scope `read` opens.
 * Clients: `app`, public; `backend`, confidential and first-party, which may also get tokens for itself and look into
 * tokens.
 */
export async function startSignInGateway(): Promise<{ gateway: TestGateway; upstream: ScriptedUpstream }> {
  users ??= await startUsers();
  const upstream = await startScriptedUpstream(always(200, ['Content-Type: text/plain'], 'hello'));
  const gateway = await startGateway(`
oauth:
  signing: ES256
  scopes: { read: Read, write: Write }
  users: { use: http, with: { url: "${users.url}", secret: demo-only-users, find: "/users/{sub}/claims" } }
  clients:
    - id: app
      type: public
      grants: [authorization_code, refresh_token]
      redirectUris: [${redirectUri}]
      postLogoutRedirectUris: ["http://127.0.0.1:9/"]
      scopes: [read, write]
    - id: backend
      secret: demo-only-backend
      firstParty: true
      grants: [authorization_code, refresh_token, client_credentials]
      redirectUris: [${redirectUri}]
      scopes: [read]
services: { things: { instances: ["${upstream.url}"] } }
routes:
  - { id: things, match: { path: /things }, to: { service: things }, access: { scopes: [read] } }
`);
  return { gateway, upstream };
}
