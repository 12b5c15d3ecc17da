import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { createPageVisitor, signIn } from '../support/page-visitor.ts';
import { ada, redirectUri, startSignInGateway } from '../support/start-sign-in.ts';

/** Debian's own Python, which has Authlib when the package python3-authlib is installed. */
const python = '/usr/bin/python3';
const isMissing = spawnSync(python, ['-c', 'import authlib, requests']).status !== 0;
const mustRun = process.env.CI === 'true' || !isMissing;
if (!mustRun) console.warn('SKIPPED: Authlib as a client. apt-get install python3-authlib python3-requests');

(mustRun ? test : test.skip)('Authlib gets a token for a user, calls the API, and refreshes', async () => {
  if (isMissing) throw new Error('python3-authlib or python3-requests is not installed; .ci/run installs them');
  const { gateway } = await startSignInGateway();
  const child = spawn(python, ['tests/support/authlib-client.py', gateway.url, redirectUri], {
    env: { AUTHLIB_INSECURE_TRANSPORT: '1', NO_PROXY: '*' },
  });
  const complaint = text(child.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const readLine = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(await complaint);
    return value;
  };

  const sentTo = await signIn(createPageVisitor(), await readLine(), ada);
  child.stdin.end(`${sentTo}\n`);
  const { first, second, statuses } = JSON.parse(await readLine());
  expect(statuses).toEqual([200, 200]);
  expect(first).toMatchObject({ token_type: 'Bearer', expires_in: 300, refresh_token: expect.stringMatching(/^grt_/) });
  expect(second.refresh_token).not.toBe(first.refresh_token);
});
