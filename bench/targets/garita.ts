import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync } from 'node:fs';
import path from 'node:path';
import { type Children, findPorts, waitForPort } from '../children.ts';
import type { Target } from './target.ts';

const entry = path.join(import.meta.dirname, '../../src/main.ts');
const configuration = path.join(import.meta.dirname, 'garita.yaml');

export const garita: Target = {
  name: 'garita',
  about: 'the full chain: address limiter, token, scope, limit by client, JSON log into a pipe, metrics',
  caches: true,
  async start({ children, upstreams, scratch, signing }) {
    const [port, operationsPort] = (await findPorts(2)) as [number, number];
    const url = `http://127.0.0.1:${port}`;
    const secret = randomBytes(32).toString('base64url');
    const directory = mkdtempSync(path.join(scratch, 'garita-'));
    const log = openLogPipe(children, directory);
    const args = [
      entry,
      'start',
      '--config',
      configuration,
      '--port',
      `${port}`,
      '--operations-port',
      `${operationsPort}`,
    ];
    const child = children.start(process.execPath, args, {
      core: children.serverCore,
      cwd: directory,
      stdout: log,
      env: {
        NODE_ENV: 'production',
        BENCH_ISSUER: url,
        BENCH_STORE: path.join(directory, 'garita.db'),
        BENCH_SECRET: secret,
        BENCH_SIGNING: signing,
        BENCH_UPSTREAM_1: upstreams[0]!,
        BENCH_UPSTREAM_2: upstreams[1]!,
        BENCH_UPSTREAM_3: upstreams[2]!,
      },
    });
    closeSync(log);
    await waitForPort(port, child);
    const client = `Basic ${btoa(`bench:${secret}`)}`;
    const bearer = await fetchToken(url, client).catch(async (error: unknown) => {
      await children.stop(child);
      throw error;
    });
    return { url, process: child, bearer, client, stop: () => children.stop(child) };
  },
};

/** A real pipe, as under a container runtime, that `cat` empties on the load's core; it ends with its writer. */
function openLogPipe(children: Children, directory: string): number {
  const pipe = path.join(directory, 'log');
  execFileSync('mkfifo', [pipe]);
  children.start('cat', [pipe]);
  return openSync(pipe, 'w');
}

async function fetchToken(url: string, client: string): Promise<string> {
  const reply = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    // An earlier gateway may have had the same port: its connection must not be tried again.
    headers: { Connection: 'close', Authorization: client },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'customers:read customers:write' }),
  });
  if (!reply.ok) throw new Error(`no token: ${reply.status} ${await reply.text()}`);
  const { access_token: token } = (await reply.json()) as { access_token: string };
  return `Bearer ${token}`;
}
